namespace MagicFolder.Simulation.Crashes;

/// <summary>A crash after which a promise was broken.</summary>
internal sealed class CrashFailure(CrashPoint point, string reason, string trace, Exception inner)
    : Exception($"{point}: {reason}{Environment.NewLine}{trace}", inner)
{
    public CrashPoint Point { get; } = point;

    public string Reason { get; } = reason;
}
