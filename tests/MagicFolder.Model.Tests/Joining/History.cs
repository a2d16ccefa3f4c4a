using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tests.Tree;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Joining;

/// <summary>
/// A random history of a few participants, and beside it the truth: the versions that nothing follows. A user's edit or deletion follows exactly
/// the versions that were materialized in front of them. Snapshots are sealed before they are published; a crash may fall between.
/// </summary>
internal sealed class History
{
    private static readonly RelativePath[] Paths = [Some.Path("f"), Some.Path("f/g"), Some.Path("h")];

    private readonly MemoryNodeStore _store = new();
    private readonly Random _random;
    private readonly bool _losses;
    private readonly int _values;
    private int _actors;

    public History(int seed, bool losses)
    {
        _random = new Random(seed);
        _losses = losses;
        _values = new[] { 2, 3, int.MaxValue }[_random.Next(3)];
        for (int i = _random.Next(2, 5); i > 0; i--) Participants.Add(new Participant(NewActor(), Dmt.Empty(_store)));
    }

    public List<Participant> Participants { get; } = [];

    public Dictionary<(RelativePath Path, Dot Dot), EntryValue> Truth { get; } = [];

    private ActorId NewActor() => Some.Actor(++_actors);

    public void Run(int steps)
    {
        int paths = _random.Next(1, Paths.Length + 1);
        for (; steps > 0; steps--)
        {
            var who = Any();
            var path = Paths[_random.Next(paths)];
            switch (_random.Next(100))
            {
                case < 30:
                    Change(who, path, Some.File(_random.Next(_values)));
                    break;
                case < 38:
                    if (who.Records.ContainsKey(path)) Change(who, path, null);
                    break;
                case < 50:
                    who.Seal();
                    break;
                case < 62:
                    who.Publish();
                    break;
                case < 84:
                    var other = Any();
                    if (!ReferenceEquals(other, who)) who.JoinWith(other.Published);
                    break;
                case < 86:
                    if (_losses && !who.Published.Context.Equals(VersionContext.Empty)) LoseState(who);
                    break;
                default:
                    who.Materialize(path);
                    break;
            }
        }
    }

    /// <summary>Everybody publishes and reads everybody, until nothing is new.</summary>
    public void Settle()
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (var who in Participants)
            {
                who.Publish();
                who.Publish();
            }
            foreach (var who in Participants)
            {
                foreach (var other in Participants)
                    if (!ReferenceEquals(other, who)) who.JoinWith(other.Published);
            }
        }
    }

    /// <summary>The tree of the versions that nothing follows.</summary>
    public Dmt TrueTree() => Dmt.Empty(_store).With(Truth
        .GroupBy(version => version.Key.Path)
        .OrderBy(path => path.Key)
        .Select(path => new DmtEdit(path.Key, Entry.From(path.Select(version => new Sibling(version.Key.Dot, version.Value))))));

    private Participant Any() => Participants[_random.Next(Participants.Count)];

    private void Change(Participant who, RelativePath path, EntryValue? value)
    {
        foreach (var dot in who.Records.GetValueOrDefault(path, [])) Truth.Remove((path, dot));
        var made = who.Change(path, value);
        if (value is not null) Truth[(path, made)] = value;
    }

    // What was published goes on under a new actor; files without a record become siblings unless they are a known version.
    private void LoseState(Participant who)
    {
        foreach (var version in Truth.Keys.Where(v => v.Dot.Actor == who.Actor && !who.Published.Context.Covers(v.Dot)).ToList()) Truth.Remove(version);
        foreach (var (path, value) in who.StartAgain(NewActor(), Dmt.Empty(_store))) Change(who, path, value);
    }

    internal sealed class Participant(ActorId actor, Dmt empty)
    {
        private readonly Dictionary<RelativePath, EntryValue> _disk = [];
        private (Dmt Tree, VersionContext Context)? _sealed;
        private long _seq;

        public ActorId Actor { get; private set; } = actor;

        public Dmt Tree { get; private set; } = empty;

        public VersionContext Context { get; private set; } = VersionContext.Empty;

        public (Dmt Tree, VersionContext Context) Published { get; private set; } = (empty, VersionContext.Empty);

        public Dictionary<RelativePath, ImmutableArray<Dot>> Records { get; } = [];

        public Dot Change(RelativePath path, EntryValue? value)
        {
            var dot = new Dot(Actor, _seq + 1);
            Tree = Tree.With(new DmtEdit(path, LocalChange.Apply(Tree.Find(path), Records.GetValueOrDefault(path, []), dot, value)));
            if (value is null)
            {
                Records.Remove(path);
                _disk.Remove(path);
            }
            else
            {
                Records[path] = [dot];
                _disk[path] = value;
            }
            return dot;
        }

        public void Seal()
        {
            if (_sealed is not null) return;
            Context = Context.With(Actor, ++_seq);
            _sealed = (Tree, Context);
        }

        public void Publish()
        {
            Seal();
            Published = _sealed!.Value;
            _sealed = null;
        }

        public void JoinWith((Dmt Tree, VersionContext Context) other)
        {
            var result = MagicFolder.Model.Joining.Join.Compute(Tree, Context, other.Tree, other.Context);
            Tree = result.Result;
            Context = result.Context;
        }

        public void Materialize(RelativePath path)
        {
            if (Tree.Find(path) is not { } entry)
            {
                _disk.Remove(path);
                Records.Remove(path);
                return;
            }
            if (!_disk.TryGetValue(path, out var value) || entry.DotsOf(value).IsEmpty) value = entry.Siblings[^1].Value;
            _disk[path] = value;
            Records[path] = entry.DotsOf(value);
        }

        /// <summary>Gives what is on the disk and in no version.</summary>
        public List<(RelativePath Path, EntryValue Value)> StartAgain(ActorId actor, Dmt empty)
        {
            (Actor, _seq, _sealed) = (actor, 0, null);
            (Tree, Context) = (empty, VersionContext.Empty);
            Records.Clear();
            JoinWith(Published);
            var unknown = new List<(RelativePath, EntryValue)>();
            foreach (var (path, value) in _disk)
            {
                if (Tree.Find(path) is { } entry && !entry.DotsOf(value).IsEmpty) Records[path] = entry.DotsOf(value);
                else unknown.Add((path, value));
            }
            return unknown;
        }
    }
}
