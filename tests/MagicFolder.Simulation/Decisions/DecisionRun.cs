using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Decisions.Joining;
using MagicFolder.Simulation.Decisions.Planning;

namespace MagicFolder.Simulation.Decisions;

/// <summary>One run by its number: even ones are histories, odd ones situations.</summary>
internal static class DecisionRun
{
    public static bool IsHistory(long number) => number % 2 == 0;

    /// <summary>Runs of different seeds have nothing in common.</summary>
    public static ulong SeedOf(ulong seed, long number) => new SeededRandom(new SeededRandom(seed).Next() ^ (ulong)number).Next();

    public static ulong Run(long number, RunScript script, RunNodes nodes) => IsHistory(number) ? JoinRun.Run(script, nodes) : PlanRun.Run(script);

    /// <summary>Null when the run is well. What the product throws is a failure as well.</summary>
    public static string? Try(long number, RunScript script)
    {
        try
        {
            Run(number, script, new RunNodes());
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e is DecisionFailure ? e.Message : e.ToString();
        }
    }

    /// <summary>Leaves out every step without which the run still fails.</summary>
    /// <returns>Why the smallest one fails, and what happens in it.</returns>
    public static (string Reason, IReadOnlyList<string> Trace) Shrink(ulong seed, long number)
    {
        ulong steps = (1UL << Math.Max(JoinRun.MostSteps, PlanRun.MostSteps)) - 1;
        ulong before;
        do
        {
            before = steps;
            for (int i = 0; i < 63; i++)
            {
                ulong fewer = steps & ~(1UL << i);
                if (fewer != steps && Try(number, new RunScript(SeedOf(seed, number), fewer)) is not null) steps = fewer;
            }
        }
        while (steps != before);
        var script = new RunScript(SeedOf(seed, number), steps) { Trace = [] };
        return (Try(number, script) ?? "It fails no more.", script.Trace);
    }
}
