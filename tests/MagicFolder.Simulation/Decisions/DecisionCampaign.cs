using MagicFolder.Simulation.Decisions.Joining;

namespace MagicFolder.Simulation.Decisions;

/// <summary>Many runs on several processors; the failing ones, made small, and a summary.</summary>
internal sealed class DecisionCampaign(DecisionOptions options, TextWriter output)
{
    private const int Portion = 2048;
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _histories = [];
    private readonly HashSet<ulong> _situations = [];
    private readonly SortedSet<long> _failed = [];
    private long _next;
    private long _done;

    /// <summary>0 if every decision was right, else 1.</summary>
    public int Run()
    {
        long start = TimeProvider.System.GetTimestamp();
        var workers = new Thread[options.Processors];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work);
            workers[i].Start();
        }
        foreach (var worker in workers) worker.Join();
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        foreach (long number in _failed.Take(options.MostFailures)) Report(number);
        output.WriteLine(
            FormattableString.Invariant($"{_done:#,0} runs from seed {options.Seed}: {(_done + 1) / 2:#,0} histories with {_histories.Count:#,0} outcomes, {_done / 2:#,0} situations with {_situations.Count:#,0} outcomes; ")
            + FormattableString.Invariant($"{_failed.Count} failed; {elapsed.TotalSeconds:0.0} s, {_done / elapsed.TotalSeconds:#,0} runs/s on {options.Processors} processors"));
        return _failed.Count == 0 ? 0 : 1;
    }

    /// <summary>Portions are taken in order and finished, so that the failing runs reported are the first ones however many processors there are.</summary>
    private void Work()
    {
        while (true)
        {
            long first;
            lock (_lock)
            {
                if (_next >= options.Runs || _failed.Count >= options.MostFailures) return;
                first = _next;
                _next = Math.Min(options.Runs, first + Portion);
            }
            RunPortion(first, Math.Min(options.Runs, first + Portion));
        }
    }

    private void RunPortion(long first, long end)
    {
        var nodes = new RunNodes();
        var histories = new HashSet<ulong>();
        var situations = new HashSet<ulong>();
        var failed = new List<long>();
        for (long number = first; number < end; number++)
        {
            try
            {
                ulong outcome = DecisionRun.Run(number, new RunScript(DecisionRun.SeedOf(options.Seed, number)), nodes);
                (DecisionRun.IsHistory(number) ? histories : situations).Add(outcome);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failed.Add(number);
            }
        }
        lock (_lock)
        {
            _histories.UnionWith(histories);
            _situations.UnionWith(situations);
            _failed.UnionWith(failed);
            _done += end - first;
        }
    }

    private void Report(long number)
    {
        var (reason, trace) = DecisionRun.Shrink(options.Seed, number);
        output.WriteLine(FormattableString.Invariant($"run {number} of seed {options.Seed}: {reason}"));
        foreach (string line in trace) output.WriteLine($"    {line}");
    }
}
