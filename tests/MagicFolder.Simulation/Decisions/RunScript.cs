using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions;

/// <summary>
/// The chance of one run. Every step has a stream of its own, so that a step can be left out without changing what the others draw.
/// </summary>
/// <param name="seed">The seed of the run.</param>
/// <param name="steps">The steps that are taken, as bits; all by default.</param>
internal sealed class RunScript(ulong seed, ulong steps = ulong.MaxValue)
{
    private readonly SeededRandom _random = new(seed);

    /// <summary>Filled when somebody wants to read what happened.</summary>
    public List<string>? Trace { get; init; }

    public SeededRandom Beginning() => Stream(0);

    /// <summary>Null when the step is left out. The stream serves until the next step begins.</summary>
    public SeededRandom? Step(int number) => (steps >> number & 1) == 0 ? null : Stream(number + 1);

    /// <summary>What is drawn after the last step.</summary>
    public SeededRandom End() => Stream(64);

    public void Note(FormattableString what) => Trace?.Add(FormattableString.Invariant(what));

    private SeededRandom Stream(int number)
    {
        _random.Restart(seed ^ ((ulong)number * 0xD1B54A32D192ED03));
        _random.Restart(_random.Next());
        return _random;
    }
}
