using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Grids;

/// <summary>What goes wrong between one process and the storage.</summary>
internal sealed class GridChances(SimulationOptions options, SeededRandom random, Func<bool> isQuiet)
{
    public static GridChances None { get; } = new(SimulationOptions.Calm, new SeededRandom(0), () => true);

    /// <summary>Unavailable before the effect, or the answer lost after it.</summary>
    public bool Fails() => Happens(options.GridTrouble);

    /// <summary>Likewise, of writes alone.</summary>
    public bool FailsToWrite() => options.WriteTrouble > 0 && Happens(options.WriteTrouble);

    public bool IsStale() => Happens(options.StaleRead);

    public bool IsLost() => Happens(options.LostRead);

    public T Pick<T>(IReadOnlyList<T> items) => random.Pick(items);

    private bool Happens(double probability) => !isQuiet() && random.Chance(probability);
}
