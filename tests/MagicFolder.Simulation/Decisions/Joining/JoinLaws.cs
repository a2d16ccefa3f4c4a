using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions.Joining;

/// <summary>The join is commutative, associative and idempotent, in any order and grouping, whatever is repeated.</summary>
internal sealed class JoinLaws(JoinChecks checks, List<Publication> published)
{
    public void Check(SeededRandom random)
    {
        var a = random.Pick(published);
        var b = random.Pick(published);
        var c = random.Pick(published);
        var ab = checks.Join(a, b);
        Same(ab, checks.Join(b, a), "commutative");
        Same(ab, checks.Join(ab, random.Chance(0.5) ? a : b), "idempotent");
        Same(a, checks.Join(a, a), "idempotent");
        Same(checks.Join(ab, c), checks.Join(a, checks.Join(b, c)), "associative");
        if (random.Chance(0.1)) CheckShuffled(random);
    }

    /// <summary>All that was ever published, in two orders, the second with repetitions.</summary>
    private void CheckShuffled(SeededRandom random)
    {
        var all = published[0];
        foreach (var one in published) all = checks.Join(all, one);
        var other = random.Pick(published);
        int start = random.Below(published.Count);
        for (int i = published.Count - 1; i >= 0; i--)
        {
            other = checks.Join(published[(start + i) % published.Count], other);
            if (random.Chance(0.3)) other = checks.Join(other, random.Pick(published));
        }
        Same(all, other, "the same in every order");
    }

    private static void Same(Publication left, Publication right, string law)
    {
        if (left.Tree.Root != right.Tree.Root || !left.Context.Equals(right.Context)) throw new DecisionFailure($"The join is not {law}.");
    }
}
