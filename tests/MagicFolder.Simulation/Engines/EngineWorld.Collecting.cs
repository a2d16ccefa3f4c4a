using System.Runtime.ExceptionServices;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Grids;
using MagicFolder.Simulation.Keys;
using MagicFolder.Simulation.Runs;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Blobs;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.History;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Simulation.Engines;

/// <summary>Freeing what nobody needs, and whether somebody would have needed it.</summary>
internal sealed partial class EngineWorld
{
    /// <summary>How long histories are; null where nothing ever leaves one.</summary>
    private readonly RetentionRule? _retention;

    /// <summary>What had been freed already when rounds that did not end well published snapshots that name it.</summary>
    private readonly HashSet<StorageIndex> _goneAtPublication = [];
    private readonly Dictionary<int, List<StorageIndex>> _goneInThisRound = [];

    /// <summary>What was last read of the history.</summary>
    private SnapshotLog? _log;

    public string? Missing()
    {
        var grid = Undisturbed();
        if (_retention is null) return Enumerable.Range(0, _options.Participants).Select(i => NotRetained(grid, i)).FirstOrDefault(missing => missing is not null);
        for (int i = 0; i < _options.Participants; i++)
            if (MissingOf(grid, FixedKeys.Personal(i).ToWriteCap().ToReadCap()) is { } missing) return missing;
        return null;
    }

    private void NotePublished(SimulatedComputer computer, MutableReadCap personal)
    {
        if (_retention is null) return;
        if (!_goneInThisRound.TryGetValue(computer.Index, out var here)) _goneInThisRound.Add(computer.Index, here = []);
        try
        {
            var grid = Undisturbed();
            here.AddRange(GoneOf(grid, Head.Decode(Now(grid.ReadMutableAsync(personal, default)).Content)).Where(_goneAtPublication.Add));
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            // Nodes have no excuse: the verdict finds it as well.
        }
    }

    /// <summary>Who could read everything could also store again what has gone. Where the round did not end well, or not at all, that was perhaps not possible.</summary>
    private RoundOutcome JudgePublished(SimulatedComputer computer, RoundOutcome outcome)
    {
        if (_goneInThisRound.Remove(computer.Index, out var gone) && outcome.Well) _goneAtPublication.ExceptWith(gone);
        return outcome;
    }

    private static RetentionRule RetentionOf(int newest) => new(0, 1) { Newest = newest };

    private RoundOutcome Collect(SimulatedComputer computer, SimulatedProcess process, ParticipantEngine engine, ParticipantDatabase state)
    {
        var participant = SessionParticipant.Over(Local(computer), state, engine);
        var environment = new SessionEnvironment(GridFor(computer, process), computer.Time, computer.Random, Options());
        var collector = new FolderCollector(FolderSession.Over(Configuration(), environment, participant));
        var collection = Now(collector.CollectAsync(new HashSet<StorageIndex>(), pretend: false, CancellationToken.None));
        if (process.IsDead) throw new SimulatedCrash("a commit");
        computer.Trace($"    {computer.Petname} has {collection}");
        if (participant.StoppedBy is { } trouble) ExceptionDispatchInfo.Throw(trouble);
        var unsettled = participant.NextScope().Paths.Select(path => path.ToString()).ToHashSet(StringComparer.Ordinal);
        return new RoundOutcome(DidSomething: true, collection.Reason is null && state.Problems.All().All(IsTwin), unsettled);
    }

    /// <summary>The newest that an actor has published are in the index of its head, not only in the chain of parents: only the index keeps them from being freed.</summary>
    private string? NotRetained(SimulatedGrid grid, int participant)
    {
        var content = Now(grid.ReadMutableAsync(FixedKeys.Personal(participant).ToWriteCap().ToReadCap(), default)).Content;
        if (content.IsEmpty || _log is null) return null;
        var head = Head.Decode(content);
        var retained = head.Retained.Select(kept => kept.Id).ToHashSet();
        var published = _log.Snapshots.Where(snapshot => snapshot.Snapshot.Actor == head.Actor).OrderByDescending(snapshot => snapshot.Seq).Take(RetentionRule.Default.Newest);
        return published.FirstOrDefault(snapshot => !retained.Contains(snapshot.Id)) is { } missing ? $"snapshot {missing.Seq} of {head.Actor} is not retained by its snapshot {head.Seq}" : null;
    }

    /// <summary>All that is named is read from where it is said to lie, but for contents, whose packs have to be there.</summary>
    private string? MissingOf(SimulatedGrid grid, MutableReadCap personal)
    {
        var content = Now(grid.ReadMutableAsync(personal, default)).Content;
        if (content.IsEmpty) return null;
        var head = Head.Decode(content);
        try
        {
            var gone = GoneOf(grid, head).Except(_goneAtPublication).ToList();
            return gone.Count == 0 ? null : $"{gone.Count} packs of snapshot {head.Seq} of {head.Actor} are gone";
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            return $"snapshots up to {head.Seq} of {head.Actor} cannot be read: {e.Message}";
        }
    }

    private List<StorageIndex> GoneOf(SimulatedGrid grid, Head head)
    {
        var walk = new ReferenceWalk(new BlobReader(grid, new ReadingCatalog(_states.Values.First())));
        Now(walk.AddAsync(head.Snapshot, head.Location, default));
        foreach (var kept in head.Retained) Now(walk.AddAsync(kept.Id, kept.Location, default));
        return [.. walk.Packs.Select(KnownPacks.IndexOf).OfType<StorageIndex>().Where(index => !_storage.Holds(index))];
    }
}
