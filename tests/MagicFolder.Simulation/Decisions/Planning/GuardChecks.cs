using MagicFolder.Model.Planning;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>The deletion guard beside its words: a quarter and fifty, or all of ten or more.</summary>
internal static class GuardChecks
{
    public static void Check(SeededRandom random)
    {
        int total = random.Below(random.Chance(0.5) ? 30 : 400);
        int vanished = random.Chance(0.2) ? total : random.Below(total + 1);
        bool isLarge = vanished > 49 && (vanished + vanished) * 2 >= total;
        bool isAll = vanished == total && total > 9;
        if (DeletionGuard.Holds(vanished, total) != (isLarge || isAll)) throw new DecisionFailure($"The deletion guard is wrong about {vanished} of {total}.");
        int content = random.Below(vanished + 1);
        int lost = random.Below(content + 1);
        long counted = DeletionGuard.Lost(vanished, content, lost);
        // At least what is lost, at most what goes; all if all is lost, nothing if nothing is.
        if (counted < lost || counted > vanished || (lost == 0 && counted != 0) || (lost == content && content > 0 && counted != vanished))
            throw new DecisionFailure($"The deletion guard counts {counted} for {lost} of {content} of {vanished}.");
    }
}
