using System.Collections.Immutable;
using System.Numerics;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions.Joining;

/// <summary>
/// One small history by the version rules, made with the product's <c>LocalChange</c> and <c>Join</c>, and compared after every step with <see cref="CausalHistory"/>. In the end the
/// laws of the join are tried on what was published.
/// </summary>
internal sealed class JoinRun
{
    internal const int MostSteps = 12;

    private static readonly RelativePath[] Paths = [RelativePath.Parse("a"), RelativePath.Parse("a/b"), RelativePath.Parse("c")];
    private static readonly ActorId[] Actors = [.. Enumerable.Range(1, 4).Select(i => new ActorId((UInt128)(ulong)i << 96))];
    private static readonly EntryValue[] Values =
    [
        .. Enumerable.Range(0, 12).Select(i => EntryValue.File(BlobId.Of([(byte)i]), 1, i, 0x1A4)), EntryValue.Directory(0, 0x1ED), EntryValue.Symlink("x", 0),
    ];

    private readonly RunScript _script;
    private readonly JoinChecks _checks;
    private readonly CausalHistory _history = new();
    private readonly List<Publication> _published = [];
    private readonly Replica[] _replicas;
    private readonly int _paths;
    private readonly int _values;
    private readonly int _steps;

    private JoinRun(RunScript script, RunNodes nodes)
    {
        _script = script;
        var random = script.Beginning();
        _paths = 1 + random.Below(Paths.Length);
        // Few values make equal versions, many make conflicts.
        _values = random.Chance(0.3) ? 2 : Values.Length;
        _steps = 4 + random.Below(MostSteps - 3);
        int replicas = 2 + random.Below(3);
        _replicas = new Replica[replicas];
        for (int i = 0; i < replicas; i++) _replicas[i] = new Replica(i, Actors[i], Dmt.Empty(nodes), _paths, replicas);
        _checks = new JoinChecks(_history, Paths.AsMemory(0, _paths), Actors);
    }

    /// <summary>A number for what came out.</summary>
    /// <exception cref="DecisionFailure">The product does not do what the reference does.</exception>
    public static ulong Run(RunScript script, RunNodes nodes) => new JoinRun(script, nodes).Run();

    private ulong Run()
    {
        for (int i = 0; i < _steps; i++)
            if (_script.Step(i) is { } random) Take(random);
        var end = _script.End();
        ComeToRest(end);
        new JoinLaws(_checks, _published).Check(end);
        return _checks.Outcome(_replicas[0].State);
    }

    private void Take(SeededRandom random)
    {
        var replica = _replicas[random.Below(_replicas.Length)];
        int path = random.Below(_paths);
        switch (random.Below(16))
        {
            case < 5:
                Change(replica, path, Values[random.Below(_values)]);
                break;
            case < 7:
                if (replica.InFront[path] != 0) Change(replica, path, null);
                break;
            case 7:
                replica.Seal();
                break;
            case < 10:
                Publish(replica);
                break;
            case < 13:
                if (_replicas[random.Below(_replicas.Length)] is { Published: { } other } from && from != replica) Join(replica, other);
                break;
            default:
                Materialize(replica, path);
                break;
        }
    }

    private void Change(Replica replica, int path, EntryValue? value)
    {
        var had = replica.InFront[path];
        var dot = new Dot(replica.Actor, replica.Seq + 1);
        var dots = ImmutableArray.CreateBuilder<Dot>();
        for (ulong rest = had; rest != 0; rest &= rest - 1) dots.Add(_history[BitOperations.TrailingZeroCount(rest)].Dot);
        var state = replica.State;
        var entry = LocalChange.Apply(state.Tree.Find(Paths[path]), dots, dot, value);
        ulong bit = _history.Add(new Happening(path, dot, value, had));
        replica.State = state with { Tree = state.Tree.With(new DmtEdit(Paths[path], entry)), Known = state.Known | bit };
        replica.InFront[path] = value is null ? 0 : bit;
        _script.Note($"{replica.Number} at {Paths[path]}: {(value is null ? "deleted" : dot)} follows {had:b}");
        _checks.Same(replica.State, "after a change");
    }

    private void Publish(Replica replica)
    {
        _published.Add(replica.Publish());
        _script.Note($"{replica.Number} publishes {replica.Seq}");
    }

    private void Join(Replica replica, Publication other)
    {
        replica.State = _checks.Join(replica.State, other);
        _script.Note($"{replica.Number} joins what knows {other.Known:b}");
    }

    /// <summary>The user keeps what they have if it is still a version, and has the equal ones in front of them as well.</summary>
    private void Materialize(Replica replica, int path)
    {
        ulong visible = _history.Visible(replica.State.Known, path);
        ulong shown = replica.InFront[path] & visible;
        if (visible == 0)
        {
            replica.InFront[path] = 0;
            return;
        }
        int first = BitOperations.Log2(shown != 0 ? shown : visible);
        ulong equal = 0;
        for (ulong rest = visible; rest != 0; rest &= rest - 1)
        {
            int i = BitOperations.TrailingZeroCount(rest);
            if (_history[i].Value!.IsSameVersionAs(_history[first].Value!)) equal |= 1UL << i;
        }
        replica.InFront[path] = equal;
        _script.Note($"{replica.Number} at {Paths[path]} has {equal:b} in front");
    }

    private void ComeToRest(SeededRandom random)
    {
        foreach (var replica in _replicas)
        {
            // What was sealed earlier goes out first, then what came later.
            if (replica.IsSealed) Publish(replica);
            Publish(replica);
        }
        int first = random.Below(_replicas.Length);
        for (int i = 0; i < _replicas.Length; i++)
            for (int j = 1; j < _replicas.Length; j++) Join(_replicas[(first + i) % _replicas.Length], _replicas[(first + i + j * (_replicas.Length - 1)) % _replicas.Length].Published!);
        foreach (var replica in _replicas)
            if (replica.State.Tree.Root != _replicas[0].State.Tree.Root) throw new DecisionFailure("Those who have read one another have different trees.");
    }
}
