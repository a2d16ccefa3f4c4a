using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Users;

namespace MagicFolder.Simulation.Runs;

internal sealed partial class Cluster
{
    private Cluster(Cluster original, Trace trace)
    {
        Trace = trace;
        Time = original.Time.Copy();
        _random = new SeededRandom(0);
        _world = CopyableWorldOf(original).Copy();
        _hasTwins = original._hasTwins;
        var folders = original._computers.ConvertAll(computer => computer.Folder.Copy(() => Time.NowNs));
        Oracle = original.Oracle.Copy(folders, trace.Add);
        foreach (var computer in original._computers)
        {
            var folder = folders[computer.Index];
            var copy = new SimulatedComputer
            {
                Index = computer.Index,
                Folder = folder,
                Oracle = Oracle,
                Time = Time,
                Random = new SeededRandom(0),
                Trace = trace.Add,
                User = new User(computer.Index, folder, Oracle, new SeededRandom(0), new Contents(new SeededRandom(0), UserHabits.All.CommonContents), UserHabits.All, Time.Advance),
            };
            copy.Hints.UnionWith(computer.Hints);
            folder.FileSystem.OnChange = path => copy.Hints.Add(path);
            _computers.Add(copy);
        }
        _running = new (ISimulatedEngine, SimulatedProcess)?[_computers.Count];
        _inRound = new bool[_computers.Count];
    }

    /// <summary>
    /// What is there when the programs of all computers end at this moment, which may be between two steps of one or before a commit: disks with their page caches, grid,
    /// state databases, clock, what watchers have heard, and what the oracle knows. No user keeps a file open. Chance is to be given by <see cref="RestartChance"/>.
    /// </summary>
    public Cluster Copy(Trace trace) => new(this, trace);

    /// <summary>All programs end and are opened anew by the next rounds, as in a copy.</summary>
    public void EndPrograms()
    {
        for (int i = 0; i < _running.Length; i++) Kill(i);
        CopyableWorldOf(this).EndPrograms();
    }

    /// <summary>From here on whatever depends on chance is as in any other cluster with this seed. The users have none.</summary>
    public void RestartChance(ulong seed)
    {
        var source = new SeededRandom(seed);
        _random.Restart(source.Next());
        CopyableWorldOf(this).RestartChance(source.Next());
        foreach (var computer in _computers) computer.Random.Restart(source.Next());
    }

    /// <summary>
    /// All that a computer could have changed since its round began, but for its clock: the same bytes at two moments of one round mean that nothing which happens later
    /// can differ, but for times of day.
    /// </summary>
    public byte[] StateOf(SimulatedComputer computer)
    {
        var state = new MemoryStream();
        using (var writer = new BinaryWriter(state))
        {
            var (commits, grid) = CopyableWorldOf(this).ChangesBy(computer);
            writer.Write(commits);
            writer.Write(grid);
            writer.Write(Oracle.KnownTo(computer.Index));
            computer.Folder.WriteTo(writer);
        }
        return state.ToArray();
    }

    private static ICopyableWorld CopyableWorldOf(Cluster cluster) =>
        cluster._world as ICopyableWorld ?? throw new InvalidOperationException("This world cannot be copied.");
}
