using MagicFolder.Model;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Grids;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Engines;

internal sealed partial class EngineWorld
{
    /// <summary>State databases as they are now, of those that nothing was committed to since; of a computer without a connection, its state.</summary>
    private readonly Dictionary<int, byte[]> _images = [];
    private readonly long[] _commits;

    private EngineWorld(EngineWorld original)
    {
        _options = original._options;
        _random = new SeededRandom(0);
        _storage = original._storage.Copy();
        _folder = original._folder;
        _retention = original._retention;
        _isQuiet = original._isQuiet;
        _commits = [.. original._commits];
        foreach (int index in original._states.Keys.Union(original._images.Keys)) _images.Add(index, original.ImageOf(index));
    }

    public ICopyableWorld Copy() => new EngineWorld(this);

    public void RestartChance(ulong seed) => _random.Restart(seed);

    public void EndPrograms()
    {
        foreach (var (index, state) in _states)
        {
            state.Abandon();
            _images[index] = StateConnections.ImageOf(state);
            StateConnections.Close(state);
        }
        _states.Clear();
    }

    public (long State, long Grid) ChangesBy(SimulatedComputer computer) => (_commits[computer.Index], _storage.Moment);

    /// <summary>
    /// Committed is what the file of the database holds, and SQLite writes to that only when a commit begins: a transaction of this engine is far smaller than the cache. So
    /// this is what a dead process leaves, also in the middle of its transaction.
    /// </summary>
    private byte[] ImageOf(int index)
    {
        if (!_images.TryGetValue(index, out byte[]? image)) _images.Add(index, image = StateConnections.ImageOf(_states[index]));
        return image;
    }

    private bool CommitBegins(SimulatedComputer computer)
    {
        _commits[computer.Index]++;
        _images.Remove(computer.Index);
        return true;
    }
}
