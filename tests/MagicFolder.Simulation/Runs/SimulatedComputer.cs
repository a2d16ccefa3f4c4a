using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Users;

namespace MagicFolder.Simulation.Runs;

/// <summary>One computer with one participant's folder: its disk, its user, and what an engine needs to run there.</summary>
internal sealed class SimulatedComputer
{
    public required int Index { get; init; }

    public required MemoryTree Folder { get; init; }

    public required User User { get; init; }

    public required Oracle Oracle { get; init; }

    public required SimulatedTime Time { get; init; }

    /// <summary>For the engine alone.</summary>
    public required SeededRandom Random { get; init; }

    public required Action<string> Trace { get; init; }

    /// <summary>Paths that a watcher has heard of and not told yet.</summary>
    public HashSet<RelativePath> Hints { get; } = [];

    public string Petname => Petnames.Of(Index);

    /// <summary>The disk as this process sees it.</summary>
    public IDisk OpenDisk(SimulatedProcess process) => new MemoryDisk(
        Folder,
        call =>
        {
            User.Notice(call.To is { IsReserved: false } to ? to : call.Path);
            process.Step(call.ToString());
        },
        call =>
        {
            Trace($"    {Petname} disk {call}");
            Oracle.DiskChanged(Index, call);
        });
}
