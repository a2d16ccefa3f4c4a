using MagicFolder.State;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>How often what was done. Safe for concurrent use.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Statements of SQLite, too? Being told of them allocates.</summary>
    internal bool IncludesStatements { get; set; }

    internal void Add(string what, long amount = 1)
    {
        lock (_lock) _counts[what] = _counts.GetValueOrDefault(what) + amount;
    }

    /// <summary>Counts the statements that this state runs from now on.</summary>
    internal void Follow(ParticipantDatabase state)
    {
        if (IncludesStatements) state.TellStatements(() => Add("statements of the state"));
    }

    /// <summary>What was counted since the last call.</summary>
    internal IReadOnlyDictionary<string, long> Take()
    {
        lock (_lock)
        {
            var taken = new Dictionary<string, long>(_counts, StringComparer.Ordinal);
            _counts.Clear();
            return taken;
        }
    }
}
