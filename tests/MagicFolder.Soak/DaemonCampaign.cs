using System.Diagnostics;
using MagicFolder.Soak.Oracles;
using MagicFolder.Soak.Running;
using MagicFolder.Soak.Users;

namespace MagicFolder.Soak;

/// <summary>Epochs of daemons that are started, stopped and killed while users work, each ended by rest and a verdict; at the end a look at how quiet they are at rest.</summary>
internal sealed class DaemonCampaign
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestEpoch = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestPatience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    private readonly SoakOptions _options;
    private readonly Random _random;
    private readonly Places _places;
    private readonly Ledger _ledger;
    private readonly Verdict _verdict;
    private readonly ExactConflicts _conflicts;
    private readonly Killer _killer;
    private readonly Fleet _fleet;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _kills;
    private int _stops;
    private int _starts;
    private int _epochs;
    private long _looks;
    private TimeSpan _resting;

    internal DaemonCampaign(SoakOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _places = new Places(options.Directory, options.Daemons, mayMount: false);
        _ledger = new Ledger(_places.EventLog);
        _verdict = new Verdict(_places, _ledger);
        _conflicts = new ExactConflicts(_places, _ledger, new Random(_random.Next()));
        _killer = new Killer(_places, new Random(_random.Next()));
        _fleet = new Fleet(_places, RestPatience);
    }

    private TimeSpan Limit => _options.Limit ?? DefaultLimit;

    internal async Task<int> RunAsync(CancellationToken cancel)
    {
        Console.WriteLine($"seed {_options.Seed}, {_options.Directory}");
        try
        {
            await _fleet.FoundAsync(cancel);
            Console.WriteLine($"{_options.Daemons} daemons, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s: all are in one folder");
            do await EpochAsync(cancel);
            while (Stopwatch.GetElapsedTime(_start) < Limit);
            await IdleAsync(cancel);
            await _fleet.StopAllAsync(cancel);
            Summarize("no promise broken");
            Clean(keep: false);
            return 0;
        }
        catch (SoakFailure failure)
        {
            Console.WriteLine($"seed {_options.Seed}: {failure.Message}");
            foreach (var daemon in _fleet.All) await File.WriteAllTextAsync(Path.Combine(_options.Directory, $"{daemon.Name}.said"), daemon.Said, CancellationToken.None);
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

    private async Task EpochAsync(CancellationToken cancel)
    {
        _epochs++;
        var users = Enumerable.Range(0, _options.Daemons).Select(i => new User(i, _places, _ledger, new Random(_random.Next()), _epochs, pause: _options.Daemons)).ToArray();
        var watch = new PartialWatch(_places, _ledger);
        watch.Start();
        foreach (var user in users) user.Start();
        try
        {
            long start = Stopwatch.GetTimestamp();
            var length = TimeSpan.FromTicks(Math.Min(LongestEpoch.Ticks, Limit.Ticks / 3));
            while (Stopwatch.GetElapsedTime(start) < length && watch.Failure is null) await TurnAsync(cancel);
        }
        finally
        {
            foreach (var user in users) await user.StopAsync();
        }
        _ledger.Note("== users stop");
        await RestAsync(cancel);
        await watch.StopAsync();
        _looks += watch.Looks;
        if (watch.Failure is { } partial) throw new SoakFailure($"no partial file: {partial}");
        _verdict.Check();
        await EditApartAsync(_conflicts.Create, cancel);
        await EditApartAsync(_conflicts.Edit, cancel);
        Console.WriteLine($"{_kills} kills, {_stops} stops, {_ledger.Actions} actions, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s: well");
    }

    /// <summary>One daemon that runs is killed or stopped, or one that does not is started; a few may be off at a time.</summary>
    private async Task TurnAsync(CancellationToken cancel)
    {
        var daemon = _fleet.All[_random.Next(_fleet.All.Count)];
        if (daemon.Run is null)
        {
            _starts++;
            _ledger.Note($"== start {daemon.Name}");
            daemon.Start();
        }
        else if (_random.Next(3) > 0)
        {
            await KillAsync(daemon, cancel);
        }
        else
        {
            await daemon.StopAsync(cancel);
            _stops++;
            _ledger.Note($"== stopped {daemon.Name}");
        }
        await Task.Delay(_random.Next(300), cancel);
    }

    private async Task KillAsync(SoakDaemon daemon, CancellationToken cancel)
    {
        await daemon.KillAsync(_killer, cancel);
        _kills++;
        _ledger.Note($"== killed {daemon.Name}");
    }

    /// <summary>All are the same; then each user edits while no daemon runs; then some of these are killed while they bring it together.</summary>
    private async Task EditApartAsync(Action edit, CancellationToken cancel)
    {
        await _fleet.StopAllAsync(cancel);
        _ledger.Note("== users edit apart");
        edit();
        _fleet.StartAll();
        await KillAsync(_fleet.All[_random.Next(_fleet.All.Count)], cancel);
        await RestAsync(cancel);
        _conflicts.Check();
        _verdict.Check();
    }

    private async Task RestAsync(CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        _fleet.StartAll();
        await _fleet.RestAsync(cancel);
        _resting += Stopwatch.GetElapsedTime(start);
    }

    /// <summary>At rest the daemons write nothing to the grid and nearly leave the processor alone.</summary>
    private async Task IdleAsync(CancellationToken cancel)
    {
        await Task.Delay(SettlingTime, cancel);
        var before = Stored();
        var used = _fleet.All.Select(daemon => daemon.ProcessorTime()).ToArray();
        await Task.Delay(_options.Idle, cancel);
        var spent = _fleet.All.Select((daemon, i) => daemon.ProcessorTime() - used[i]).ToArray();
        before.SymmetricExceptWith(Stored());
        string[] written = [.. before.Select(file => file.Path).Distinct(StringComparer.Ordinal)];
        double seconds = spent.Sum(time => time.TotalSeconds);
        Console.WriteLine($"idle for {_options.Idle.TotalSeconds:F0} s: {written.Length} files of the grid written, processor {seconds:F2} s of all, at most {spent.Max().TotalSeconds:F2} s of one");
        if (written.Length > 0) throw new SoakFailure($"at rest nothing is written: {string.Join(", ", written.Take(5))} of the grid is");
        if (spent.Max() > _options.Idle * MostIdleShare) throw new SoakFailure($"at rest the processor is left alone: {string.Join(", ", spent.Select(time => $"{time.TotalSeconds:F2} s"))}");
    }

    /// <summary>Of one processor, for one daemon.</summary>
    private const double MostIdleShare = 0.1;

    private HashSet<(string Path, long Size, DateTime Written)> Stored() =>
        [.. new DirectoryInfo(_places.Grid).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(file => (file.FullName, (file as FileInfo)?.Length ?? 0, file.LastWriteTimeUtc))];

    private void Clean(bool keep)
    {
        _fleet.Dispose();
        _ledger.Dispose();
        _places.Dispose();
        if (!keep) _places.Remove();
    }

    private void Summarize(string verdict)
    {
        Console.WriteLine($"{verdict}");
        Console.WriteLine($"  {_options.Daemons} daemons, {_epochs} epochs, {_kills} kills ({string.Join(", ", _killer.Kills.Select(pair => $"{pair.Key}: {pair.Value}"))}; {_killer.Pauses} with a pause), {_stops} stops, {_starts} starts");
        Console.WriteLine($"  {_ledger.Actions} user actions, {_ledger.Contents} contents, {_verdict.Checks} checks, {_looks} looks for partial files");
        Console.WriteLine($"  {_conflicts.Checks} exact checks with {_conflicts.Conflicts} conflicts, {_verdict.Conflicts} conflict files at the checks, {_verdict.KeptThoughReplaced} versions kept though replaced");
        Console.WriteLine($"  {_resting.TotalSeconds:F0} s to come to rest, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s");
    }
}
