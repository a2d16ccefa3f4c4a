using System.Numerics;
using MagicFolder.Model.Joining;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Simulation.Decisions.Joining;

/// <summary>The product beside the reference.</summary>
internal sealed class JoinChecks(CausalHistory history, ReadOnlyMemory<RelativePath> paths, ActorId[] actors)
{
    /// <summary>The product joins, the reference unites; both must see the same.</summary>
    public Publication Join(Publication ours, Publication theirs)
    {
        ulong reported = 0;
        var joined = Model.Joining.Join.Compute(
            ours.Tree, ours.Context, theirs.Tree, theirs.Context, change => reported |= 1UL << paths.Span.IndexOf(change.Path));
        var seen = new int[ours.Seen.Length];
        for (int i = 0; i < seen.Length; i++) seen[i] = Math.Max(ours.Seen[i], theirs.Seen[i]);
        var result = new Publication(joined.Result, joined.Context, ours.Known | theirs.Known, seen);
        Same(result, "after a join");
        CheckReported(ours, result, reported, joined);
        return result;
    }

    public void Same(Publication state, string when)
    {
        for (int path = 0; path < paths.Length; path++)
        {
            ulong visible = history.Visible(state.Known, path);
            var entry = state.Tree.Find(paths.Span[path]);
            if ((entry?.Siblings.Length ?? 0) != BitOperations.PopCount(visible)) throw Differs(state, path, when);
            for (; visible != 0; visible &= visible - 1)
            {
                var happening = history[BitOperations.TrailingZeroCount(visible)];
                if (entry!.Find(happening.Dot) != happening.Value) throw Differs(state, path, when);
            }
        }
        for (int i = 0; i < state.Seen.Length; i++)
            if (state.Context[actors[i]] != state.Seen[i]) throw new DecisionFailure($"The context {when} is {state.Context}, but should be {string.Join(' ', state.Seen)}.");
    }

    public ulong Outcome(Publication state)
    {
        ulong outcome = (ulong)state.Tree.Root.GetHashCode();
        foreach (int seq in state.Seen) outcome = outcome * 31 + (ulong)seq;
        return outcome * 0x9E3779B97F4A7C15;
    }

    private void CheckReported(Publication ours, Publication result, ulong reported, JoinResult joined)
    {
        for (int path = 0; path < paths.Length; path++)
        {
            bool differs = history.Visible(ours.Known, path) != history.Visible(result.Known, path);
            if (differs != ((reported >> path & 1) != 0)) throw new DecisionFailure($"A join changed {paths.Span[path]}: {differs}, but reported otherwise.");
        }
        if (joined.Changes != BitOperations.PopCount(reported)) throw new DecisionFailure("A join counted other changes than it reported.");
    }

    private DecisionFailure Differs(Publication state, int path, string when)
    {
        var wanted = new List<string>();
        for (ulong visible = history.Visible(state.Known, path); visible != 0; visible &= visible - 1)
            wanted.Add(history[BitOperations.TrailingZeroCount(visible)].Dot.ToString());
        var found = state.Tree.Find(paths.Span[path])?.Siblings.Select(sibling => sibling.Dot.ToString()) ?? [];
        return new DecisionFailure($"The versions of {paths.Span[path]} {when} are [{string.Join(' ', found)}], but should be [{string.Join(' ', wanted)}].");
    }
}
