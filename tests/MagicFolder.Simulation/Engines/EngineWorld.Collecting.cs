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

    /// <summary>What had been freed already when somebody published snapshots that name it.</summary>
    private readonly HashSet<(int Who, StorageIndex Pack)> _goneAtPublication = [];
    private readonly Dictionary<int, List<(int Who, StorageIndex Pack)>> _goneInThisRound = [];

    /// <summary>What was last read of the history.</summary>
    private SnapshotLog? _log;

    public string? Missing()
    {
        var grid = Undisturbed();
        if (_retention is null) return Enumerable.Range(0, _options.Participants).Select(i => NotRetained(grid, i)).FirstOrDefault(missing => missing is not null);
        for (int i = 0; i < _options.Participants; i++)
            if (MissingOf(grid, i) is { } missing) return missing;
        return null;
    }

    internal IReadOnlyList<long> RetainedOf(int participant) => HeadOf(Undisturbed(), participant) is { } head ? [.. head.Retained.Select(kept => kept.Seq).OrderDescending()] : [];

    private static Head? HeadOf(SimulatedGrid grid, int participant)
    {
        var content = Now(grid.ReadMutableAsync(FixedKeys.Personal(participant).ToWriteCap().ToReadCap(), default)).Content;
        return content.IsEmpty ? null : Head.Decode(content);
    }

    private void NotePublished(SimulatedComputer computer, MutableReadCap personal)
    {
        if (_retention is null) return;
        try
        {
            var grid = Undisturbed();
            var head = Head.Decode(Now(grid.ReadMutableAsync(personal, default)).Content);
            _goneAtPublication.UnionWith(GoneOf(grid, head, head.Retained).Select(pack => (computer.Index, pack)));
            _goneInThisRound[computer.Index] = [.. GoneOf(grid, head, []).Select(pack => (computer.Index, pack))];
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            // Nodes have no excuse: the verdict finds it as well.
        }
    }

    /// <summary>One that did not end is never judged.</summary>
    private void ForgetRound(SimulatedComputer computer) => _goneInThisRound.Remove(computer.Index);

    /// <summary>Who could read everything could also store again what has gone, before the last publication of the round. Where it did not end well, or not at all, or has to read again, that was perhaps not possible.</summary>
    private RoundOutcome JudgePublished(SimulatedComputer computer, RoundOutcome outcome)
    {
        if (_goneInThisRound.Remove(computer.Index, out var gone) && outcome is { Well: true, Unsettled: null or { Count: 0 } }) _goneAtPublication.ExceptWith(gone);
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
        if (_log is null || HeadOf(grid, participant) is not { } head) return null;
        var retained = head.Retained.Select(kept => kept.Id).ToHashSet();
        var published = _log.Snapshots.Where(snapshot => snapshot.Snapshot.Actor == head.Actor).OrderByDescending(snapshot => snapshot.Seq).Take(RetentionRule.Default.Newest);
        return published.FirstOrDefault(snapshot => !retained.Contains(snapshot.Id)) is { } missing ? $"snapshot {missing.Seq} of {head.Actor} is not retained by its snapshot {head.Seq}" : null;
    }

    /// <summary>All that is named is read from where it is said to lie, but for contents, whose packs have to be there.</summary>
    private string? MissingOf(SimulatedGrid grid, int participant)
    {
        if (HeadOf(grid, participant) is not { } head) return null;
        try
        {
            var gone = GoneOf(grid, head, head.Retained).Count(pack => !_goneAtPublication.Contains((participant, pack)));
            return gone == 0 ? null : $"{gone} packs of snapshot {head.Seq} of {head.Actor} are gone";
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            return $"snapshots up to {head.Seq} of {head.Actor} cannot be read: {e.Message}";
        }
    }

    private List<StorageIndex> GoneOf(SimulatedGrid grid, Head head, IEnumerable<RetainedSnapshot> history)
    {
        var walk = new ReferenceWalk(new BlobReader(grid, new ReadingCatalog(_states.Values.First())));
        Now(walk.AddAsync(head.Snapshot, head.Location, default));
        foreach (var kept in history) Now(walk.AddAsync(kept.Id, kept.Location, default));
        return [.. walk.Packs.Select(KnownPacks.IndexOf).OfType<StorageIndex>().Where(index => !_storage.Holds(index))];
    }
}
