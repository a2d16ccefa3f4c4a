namespace MagicFolder.Fuzzing.Runs;

/// <summary>What one target was put through.</summary>
internal sealed class FuzzReport(string target)
{
    public string Target { get; } = target;

    public long Inputs { get; set; }

    public long Accepted { get; set; }

    public long Refused { get; set; }

    public TimeSpan Elapsed { get; set; }

    public TimeSpan Slowest { get; set; }

    public long MostAllocated { get; set; }

    public int CorpusSize { get; set; }

    /// <summary>Distinct failures, by what they are.</summary>
    public Dictionary<string, FuzzFailure> Failures { get; } = [];

    public static string Header => $"{"target",-20}{"seconds",9}{"inputs",12}{"inputs/s",10}{"accepted",12}{"refused",12}{"slowest ms",12}{"most bytes",12}{"corpus",8}{"failures",10}";

    public string Row =>
        $"{Target,-20}{Elapsed.TotalSeconds,9:F0}{Inputs,12}{Inputs / Math.Max(Elapsed.TotalSeconds, 0.001),10:F0}{Accepted,12}{Refused,12}{Slowest.TotalMilliseconds,12:F1}{MostAllocated,12}{CorpusSize,8}{Failures.Count,10}";
}
