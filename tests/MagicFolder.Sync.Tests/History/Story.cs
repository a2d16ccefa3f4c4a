using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Tests.History;

/// <summary>Snapshots for tests, told oldest first.</summary>
internal sealed class Story
{
    private readonly List<PathState> _states = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PathState> States => [.. Enumerable.Reverse(_states)];

    public static ActorId Actor(string name) => new((UInt128)name[0]);

    public static string NameOf(ActorId actor) => actor == Actor("alice") ? "alice" : "bob";

    public static EntryValue File(byte number) => EntryValue.File(BlobId.Of([number]), number, 0, 0x1A4);

    public static Dot Dot(string name, long seq) => new(Actor(name), seq);

    /// <summary>A snapshot in which the path has these versions.</summary>
    public LoggedSnapshot Publish(string name, long seq, IEnumerable<(string Name, long Seq)> observed, params (Dot Dot, byte Number)[] siblings)
    {
        var snapshot = Snapshot(name, seq, _states.Count, observed);
        _states.Add(new PathState(snapshot, Entry.From(siblings.Select(s => new Sibling(s.Dot, File(s.Number))))));
        return snapshot;
    }

    public static LoggedSnapshot Snapshot(string name, long seq, long timeMs, IEnumerable<(string Name, long Seq)> observed)
    {
        var seen = Observed.None;
        foreach (var (other, otherSeq) in observed) seen = seen.With(new Observation(Actor(other), otherSeq, default, [.. new byte[16]], [.. new byte[32]], [1]));
        var snapshot = new Snapshot(FolderId.FromBytes(new byte[FolderId.Length]), default, Actor(name), seq, timeMs, null, seen);
        return new LoggedSnapshot(snapshot.Id, name, snapshot);
    }
}
