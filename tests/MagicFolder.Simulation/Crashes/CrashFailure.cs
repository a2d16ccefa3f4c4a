using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>A crash after which a promise was broken.</summary>
internal sealed class CrashFailure(CrashPoint point, string reason, string trace, Exception inner)
    : Exception($"{point}: {reason}{Environment.NewLine}{trace}", inner)
{
    public CrashPoint Point { get; } = point;

    public string Reason { get; } = reason;

    public static CrashFailure Of(CrashPoint point, Trace trace, Exception e) =>
        new(point, e is OracleViolation ? e.Message : $"the engine failed: {e}", trace.ToString(), e);
}
