using System.Collections.Concurrent;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>All workloads of so many operations, with a crash of either computer at every step that leaves something behind, in every way.</summary>
internal sealed class CrashEnumeration(int operations, int maxFailures, bool showTraces)
{
    private readonly ConcurrentBag<string> _failures = [];
    private readonly Lock _output = new();
    private long _workloads;
    private long _crashes;
    private long _states;

    /// <param name="from">Number of the first workload, from 0.</param>
    /// <param name="to">Beyond the last.</param>
    /// <returns>0 if every promise was kept, else 1.</returns>
    public int Run(int from, int to)
    {
        long start = TimeProvider.System.GetTimestamp();
        var workloads = Workload.All(operations).Skip(from).Take(to - from);
        Parallel.ForEach(
            Partitioner.Create(workloads, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            (workload, loop) =>
            {
                var sweep = new CrashSweep(workload, maxFailures, Report);
                sweep.Run();
                Interlocked.Add(ref _crashes, sweep.Crashes);
                Interlocked.Add(ref _states, sweep.States);
                if (_failures.Count >= maxFailures) loop.Stop();
                if (Interlocked.Increment(ref _workloads) % 100 == 0) Console.Error.WriteLine($"{_workloads:#,0} workloads, {_crashes:#,0} crashes, {_failures.Count} failed");
            });
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        Console.Out.WriteLine(
            $"{_workloads:#,0} workloads of {operations} operations, {_crashes:#,0} crashes, {_states:#,0} states, {_failures.Count} failed, {elapsed.TotalSeconds:0.0} s");
        return _failures.IsEmpty ? 0 : 1;
    }

    private void Report(CrashFailure failure)
    {
        _failures.Add(failure.Message);
        string text = showTraces ? Repeat(failure).Message : $"{failure.Point}: {failure.Reason.Split('\n')[0]}";
        lock (_output) Console.Out.WriteLine(text);
    }

    /// <summary>The same crash in a run of its own, from the beginning, which can be told in full.</summary>
    private static CrashFailure Repeat(CrashFailure failure)
    {
        try
        {
            CrashRun.Run(failure.Point, OtherProgram.StartsAnew, new Trace(100_000));
            return failure;
        }
        catch (CrashFailure told)
        {
            return told;
        }
    }
}
