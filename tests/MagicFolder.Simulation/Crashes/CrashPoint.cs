using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Crashes;

/// <summary>How a process ends.</summary>
internal enum CrashKind
{
    /// <summary>What it did to the disk stays.</summary>
    Process,

    /// <summary>Whatever was not flushed is lost.</summary>
    PowerLosesAll,

    /// <summary>What was not flushed is lost or kept by chance, changes of directories in any order.</summary>
    PowerLosesSome,
}

/// <summary>One crash of one run.</summary>
/// <param name="Workload">What the users did before.</param>
/// <param name="Who">Whose process ends.</param>
/// <param name="Step">Before which of the steps that leave something behind, from 1: calls that change the disk, flushes, effects and answers of the grid, commits. 0: nobody crashes.</param>
/// <param name="Kind">How.</param>
internal sealed record CrashPoint(Workload Workload, int Who, int Step, CrashKind Kind)
{
    /// <summary>What chance goes on with after the crash.</summary>
    public ulong Seed => new SeededRandom((ulong)Workload.Number << 32 | (uint)Step << 3 | (uint)Who << 2 | (uint)Kind).Next();

    public override string ToString() => Step == 0 ? $"{Workload}; no crash" : $"{Workload}; {Kind} in {(char)('A' + Who)} at step {Step}";
}
