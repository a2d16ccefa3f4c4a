using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Simulation.Decisions.Joining;

/// <summary>A state that can be joined, in the product's terms and in those of the reference.</summary>
/// <param name="Tree">The product's map.</param>
/// <param name="Context">What the product says it has seen.</param>
/// <param name="Known">The happenings behind it.</param>
/// <param name="Seen">For each actor the newest snapshot behind it.</param>
internal sealed record Publication(Dmt Tree, VersionContext Context, ulong Known, int[] Seen);

/// <summary>One participant: edits what it has in front of it, seals, publishes, joins.</summary>
internal sealed class Replica(int number, ActorId actor, Dmt empty, int paths, int actors)
{
    public int Number => number;

    public ActorId Actor => actor;

    public Publication State { get; set; } = new(empty, VersionContext.Empty, 0, new int[actors]);

    /// <summary>What others can read; null before the first time.</summary>
    public Publication? Published { get; private set; }

    public bool IsSealed => Sealed is not null;

    private Publication? Sealed { get; set; }

    public int Seq { get; private set; }

    /// <summary>The versions that the user has in front of them, path by path, as bits.</summary>
    public ulong[] InFront { get; } = new ulong[paths];

    /// <summary>What comes later belongs to the next snapshot.</summary>
    public void Seal()
    {
        if (Sealed is not null) return;
        Seq++;
        var seen = (int[])State.Seen.Clone();
        seen[number] = Seq;
        State = State with { Context = State.Context.With(actor, Seq), Seen = seen };
        Sealed = State;
    }

    public Publication Publish()
    {
        Seal();
        Published = Sealed!;
        Sealed = null;
        return Published;
    }
}
