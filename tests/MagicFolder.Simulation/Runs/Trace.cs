namespace MagicFolder.Simulation.Runs;

/// <summary>What happened, one line each; only the end is kept.</summary>
internal sealed class Trace(int keep)
{
    private readonly Queue<string> _lines = new();
    private long _count;

    public void Add(string line)
    {
        if (keep == 0) return;
        _lines.Enqueue($"{++_count,6} {line}");
        if (_lines.Count > keep) _lines.Dequeue();
    }

    public override string ToString() => string.Join(Environment.NewLine, _lines);
}
