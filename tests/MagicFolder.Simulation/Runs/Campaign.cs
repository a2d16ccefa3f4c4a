using System.Collections.Concurrent;

namespace MagicFolder.Simulation.Runs;

/// <summary>Many seeds, on all processors, with progress on standard error and the failing ones on standard output.</summary>
internal sealed class Campaign(SimulationOptions options, int maxFailures, bool showTraces, bool shrinks)
{
    private readonly ConcurrentDictionary<ulong, SimulationFailure> _failures = new();
    private readonly Lock _output = new();
    private long _done;

    /// <summary>0 if every run kept the promises, else 1.</summary>
    public int Run(ulong first, ulong last)
    {
        long start = TimeProvider.System.GetTimestamp();
        Parallel.ForEach(
            // One at a time, so that the seeds are run in order and the first failing one is the first.
            Partitioner.Create(Seeds(first, last), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            (seed, loop) =>
            {
                RunOne(seed);
                if (_failures.Count >= maxFailures) loop.Stop();
            });
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        Console.Out.WriteLine($"{_done:#,0} runs, {_failures.Count} failed, {elapsed.TotalSeconds:0.0} s");
        return _failures.IsEmpty ? 0 : 1;
    }

    private static IEnumerable<ulong> Seeds(ulong first, ulong last)
    {
        for (ulong seed = first; seed <= last; seed++) yield return seed;
    }

    private void RunOne(ulong seed)
    {
        try
        {
            SimulatedRun.Run(seed, options);
        }
        catch (SimulationFailure failure)
        {
            _failures[seed] = shrinks ? failure = Shrinker.Shrink(failure, options) : failure;
            lock (_output) Console.Out.WriteLine(showTraces ? failure.Message : $"seed {seed}: {failure.Reason.Split('\n')[0]}");
            if (shrinks) lock (_output) Console.Out.WriteLine($"    {failure.Command}");
        }
        long done = Interlocked.Increment(ref _done);
        if (done % 500 == 0) Console.Error.WriteLine($"{done:#,0} runs, {_failures.Count} failed");
    }
}
