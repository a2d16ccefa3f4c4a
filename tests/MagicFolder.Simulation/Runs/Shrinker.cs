namespace MagicFolder.Simulation.Runs;

/// <summary>
/// Makes a failing run small: fewer kinds of trouble, then fewer turns (delta debugging: Zeller, Hildebrandt 2002). Another reason to fail is as good: it is smaller.
/// </summary>
internal static class Shrinker
{
    public static SimulationFailure Shrink(SimulationFailure failure, SimulationOptions options)
    {
        var smallest = failure;
        foreach (var kind in Enum.GetValues<Faults>())
            if (Fails(smallest, options => options.With(options.Faults & ~kind)) is { } without && kind is not (Faults.None or Faults.All)) smallest = without;
        if (smallest.Options.Only is null && Fails(smallest, options => options with { Only = [.. Enumerable.Range(0, options.Turns)] }) is { } listed) smallest = listed;
        for (int size = Math.Max(1, options.Turns / 2); size >= 1; size /= 2)
        {
            for (int start = 0; smallest.Options.Only is { } turns && start < turns.Count;)
            {
                int from = start;
                if (Fails(smallest, options => options with { Only = [.. turns.Take(from), .. turns.Skip(from + size)] }) is { } shorter) smallest = shorter;
                else start += size;
            }
        }
        return smallest;
    }

    private static SimulationFailure? Fails(SimulationFailure known, Func<SimulationOptions, SimulationOptions> change)
    {
        try
        {
            SimulatedRun.Run(known.Seed, change(known.Options));
            return null;
        }
        catch (SimulationFailure smaller)
        {
            return smaller;
        }
    }
}
