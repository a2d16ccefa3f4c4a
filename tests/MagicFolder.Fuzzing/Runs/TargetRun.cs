using System.Diagnostics;
using MagicFolder.Fuzzing.Mutations;
using MagicFolder.Fuzzing.Targets;

namespace MagicFolder.Fuzzing.Runs;

/// <summary>One target under one seed: makes inputs, runs them, keeps what is new. One thread.</summary>
internal sealed class TargetRun(FuzzTarget target, int seed)
{
    private const int LargestInput = 1 << 20;
    private const int BetweenLooks = 16; // Inputs between looks at the clock, which cost more than a small input.

    private readonly Random _random = new(seed);
    private readonly Corpus _corpus = new();

    public FuzzReport Report { get; } = new(target.Name);

    public Corpus Corpus => _corpus;

    /// <summary>The committed corpus, and then new inputs until either limit is reached.</summary>
    /// <param name="inputs">The most new inputs.</param>
    /// <param name="time">The longest, in processor time: a busy machine makes no input less.</param>
    /// <param name="watchdog">Told of every input.</param>
    /// <param name="progress">Called now and then.</param>
    public FuzzReport Run(long inputs, TimeSpan time, Watchdog watchdog, Action<FuzzReport> progress)
    {
        var before = Environment.CpuUsage.TotalTime;
        foreach (byte[] input in Corpus.Committed(target)) Try(input, watchdog);
        // Valid values first: what is made from them reaches deeper than what is made from noise.
        for (int i = 0; i < 32; i++) Try(target.Generate(_random), watchdog);
        var next = TimeSpan.FromSeconds(5);
        for (long i = 0; i < inputs && Report.Elapsed < time; i++)
        {
            Try(Make(), watchdog);
            if (i % BetweenLooks == 0) Report.Elapsed = Environment.CpuUsage.TotalTime - before;
            if (Report.Elapsed < next) continue;
            next = Report.Elapsed + TimeSpan.FromSeconds(5);
            progress(Report);
        }
        Report.Elapsed = Environment.CpuUsage.TotalTime - before;
        Report.CorpusSize = _corpus.Count;
        return Report;
    }

    private byte[] Make()
    {
        byte[] input = _random.Next(4) == 0 ? target.Generate(_random) : _corpus.Pick(_random);
        if (_random.Next(32) != 0)
        {
            int times = 1;
            while (times < 16 && _random.Next(2) == 0) times++;
            for (int i = 0; i < times; i++) input = MutateOnce(input);
        }
        return _random.Next(4) == 0 ? input : target.Repair(input, _random);
    }

    private byte[] MutateOnce(byte[] input)
    {
        int choice = _random.Next(8);
        var mutated = choice < 4 && target.IsCbor ? CborMutations.Apply(input, _random)
            : choice == 4 && target.Tokens.Count > 0 ? ByteMutations.InsertToken(input, target.Tokens[_random.Next(target.Tokens.Count)], _random)
            : ByteMutations.Apply(input, _corpus.Pick(_random), _random);
        return mutated.Length > LargestInput ? mutated[..LargestInput] : mutated;
    }

    private void Try(byte[] input, Watchdog watchdog)
    {
        watchdog.Begin(input);
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = Execute(input);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var elapsed = Stopwatch.GetElapsedTime(start);
        watchdog.End();

        Report.Inputs++;
        if (elapsed > Report.Slowest) Report.Slowest = elapsed;
        Report.MostAllocated = Math.Max(Report.MostAllocated, allocated);
        if (outcome.Wrong is null && allocated > target.AllocationLimit(input.Length))
            outcome = Outcome.Failed(new BrokenPromiseException($"allocated {allocated} bytes for an input of {input.Length}, {outcome.Key}"));
        if (outcome.Wrong is { } wrong) Note(outcome.Key, input, wrong);
        else if (outcome.Accepted) Report.Accepted++;
        else Report.Refused++;
        _corpus.Offer(outcome.Key, input);
    }

    private Outcome Execute(byte[] input)
    {
        try
        {
            return Outcome.Of(target.Run(input));
        }
        catch (Exception e) when (e is RefusedByResultException || target.IsRefusal(e))
        {
            return Outcome.Refused(e);
        }
        // Whatever else comes out is what is looked for.
        catch (Exception e)
        {
            return Outcome.Failed(e);
        }
    }

    private void Note(string what, byte[] input, Exception wrong)
    {
        if (!Report.Failures.TryGetValue(what, out var known) || input.Length < known.Input.Length)
            Report.Failures[what] = new FuzzFailure(what, input, wrong.ToString());
    }
}
