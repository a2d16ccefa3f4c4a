using System.Diagnostics;
using System.Text.Json;
using MagicFolder.Soak.Oracles;
using MagicFolder.Soak.Running;
using MagicFolder.Soak.Users;

namespace MagicFolder.Soak;

/// <summary>Epochs of killing while users work, each ended by rest and a verdict.</summary>
internal sealed class Campaign
{
    /// <summary>Runs that may be needed until nothing is left to do.</summary>
    private const int MostRuns = 12;

    private readonly SoakOptions _options;
    private readonly Random _random;
    private readonly Places _places;
    private readonly Ledger _ledger;
    private readonly Verdict _verdict;
    private readonly Killer _killer;
    private readonly Troubles _troubles;
    private readonly HistorySample _history;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _kills;
    private int _starts;
    private long _looks;

    internal Campaign(SoakOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _places = new Places(options.Directory, options.Folders, options.Troubles);
        _ledger = new Ledger(_places.EventLog);
        _verdict = new Verdict(_places, _ledger);
        _killer = new Killer(_places, new Random(_random.Next()));
        _troubles = new Troubles(_places, new Random(_random.Next()));
        _history = new HistorySample(_places, _ledger, new Random(_random.Next()));
    }

    internal async Task<int> RunAsync(CancellationToken cancel)
    {
        Console.WriteLine($"seed {_options.Seed}, {_options.Directory}");
        if (_options.Troubles && !_places.HasSmallDisks) Console.WriteLine("skipped: full and read-only disks, because nothing can be mounted here");
        try
        {
            while (_kills < _options.Kills && !IsOver()) await EpochAsync(cancel);
            Summarize("no promise broken");
            Clean(keep: false);
            return 0;
        }
        catch (SoakFailure failure)
        {
            Console.WriteLine($"seed {_options.Seed}: {failure.Message}");
            Summarize($"FAILED; everything is kept in {_options.Directory}");
            Clean(keep: true);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Clean(keep: false);
            return 1;
        }
    }

    private bool IsOver() => _options.Limit is { } limit && Stopwatch.GetElapsedTime(_start) > limit;

    private async Task EpochAsync(CancellationToken cancel)
    {
        var users = Enumerable.Range(0, _options.Folders).Select(i => new User(i, _places, _ledger, new Random(_random.Next()), _starts)).ToArray();
        var watch = new PartialWatch(_places, _ledger);
        watch.Start();
        foreach (var user in users) user.Start();
        try
        {
            int goal = Math.Min(_options.Kills, _kills + _options.Epoch);
            while (_kills < goal && !IsOver() && watch.Failure is null) await RunAndKillAsync(cancel);
        }
        finally
        {
            _troubles.Cure();
            foreach (var user in users) await user.StopAsync();
        }
        _ledger.Note("== users stop");
        _troubles.Cure();
        await ComeToRestAsync(cancel);
        await watch.StopAsync();
        _looks += watch.Looks;
        if (watch.Failure is { } partial) throw new SoakFailure($"no partial file: {partial}");
        _verdict.Check();
        await _history.CheckAsync(cancel);
        Console.WriteLine($"{_kills} kills, {_ledger.Actions} actions, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s: well");
    }

    private async Task RunAndKillAsync(CancellationToken cancel)
    {
        if (_options.Troubles) _troubles.Turn();
        using var run = ProgramRun.Start(_places, Sync(_random.Next(5) < 3 ? ["--watch"] : []));
        _starts++;
        _ledger.Note($"== start {_starts}");
        bool killed = await _killer.KillAsync(run, cancel);
        int status = await run.EndAsync(cancel);
        _ledger.Note(killed ? "== killed" : $"== ended with {status}");
        if (killed) _kills++;
        else if (status is not (0 or 1 or 3)) throw new SoakFailure($"exit status {status}\n{run.Output}{run.Errors}");
    }

    private async Task ComeToRestAsync(CancellationToken cancel)
    {
        string last = "";
        for (int i = 0; i < MostRuns; i++)
        {
            _troubles.OpenEverything();
            using var run = ProgramRun.Start(_places, Sync(["--json"]));
            _starts++;
            int status = await run.EndAsync(cancel);
            if (status is not (0 or 3)) throw new SoakFailure($"all is well again, but the program ends with {status}\n{run.Output}{run.Errors}");
            using var summary = JsonDocument.Parse(run.Output);
            var participants = summary.RootElement.GetProperty("participants").EnumerateArray().ToArray();
            bool rests = Array.TrueForAll(participants, p => p.GetProperty("captured").GetInt64() + p.GetProperty("applied").GetInt64() + p.GetProperty("waiting").GetInt64() == 0);
            last = run.Output;
            if (!rests) continue;
            if (Array.Find(participants, p => p.GetProperty("problems").GetArrayLength() > 0) is { ValueKind: JsonValueKind.Object } troubled)
                throw new SoakFailure($"all is well again, but problems remain: {troubled.GetProperty("problems")}");
            return;
        }
        throw new SoakFailure($"after {MostRuns} undisturbed runs there still is something to do: {last}");
    }

    private IEnumerable<string> Sync(string[] more) =>
        ["sync", .. _places.Folders, "--grid", _places.Grid, "--state", _places.State, "--confirm-deletions", .. more];

    private void Clean(bool keep)
    {
        _ledger.Dispose();
        if (keep) _places.Keep();
        _places.Dispose();
        if (!keep) _places.Remove();
    }

    private void Summarize(string verdict)
    {
        Console.WriteLine($"{verdict}");
        Console.WriteLine($"  {_kills} kills ({string.Join(", ", _killer.Kills.Select(pair => $"{pair.Key}: {pair.Value}"))}; {_killer.Pauses} with a pause), {_starts} starts");
        Console.WriteLine($"  {_ledger.Actions} user actions, {_ledger.Contents} contents, {_verdict.Checks} checks, {_looks} looks for partial files, {_history.Restored} versions restored");
        Console.WriteLine($"  {_verdict.Conflicts} conflict files at the checks, {_verdict.KeptThoughReplaced} versions kept though replaced, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s");
        if (_options.Troubles) Console.WriteLine($"  troubles: {string.Join(", ", _troubles.Happened.Select(pair => $"{pair.Key}: {pair.Value}"))}");
    }
}
