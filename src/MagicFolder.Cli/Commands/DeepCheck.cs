using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Commands;

internal sealed record DeepCheckedView(string Path, CheckView Check);

internal sealed record NotCheckedView(string Path, string Reason);

internal sealed record DeepCheckView(int Objects, int Healthy, int Recoverable, DeepCheckedView[] Unhealthy, NotCheckedView[] NotChecked);

/// <summary>
/// <c>check DIRCAP --deep</c>: checks a directory and everything below it, each object once. All directories are read first, for one object may stand in several with caps of different
/// authority: it is checked, repaired and read with the strongest.
/// </summary>
internal sealed class DeepCheck
{
    private readonly CapReader _reader;
    private readonly bool _repair;
    private readonly Dictionary<Cap, Found> _known = [];
    private readonly List<Found> _found = [];
    private readonly Queue<Found> _toRead = [];
    private readonly List<(string Path, CheckReport Report)> _unhealthy = [];
    private readonly List<NotCheckedView> _notChecked = [];
    private int _objects;
    private int _lost;

    // Behind the directories; only shown, from another thread.
    private int _all;

    private DeepCheck(CapReader reader, bool repair) => (_reader, _repair) = (reader, repair);

    internal static async Task<int> RunAsync(Cap top, string? grid, bool repair, bool json, CancellationToken cancel)
    {
        if (top is not DirectoryCap) throw new UsageException("--deep is for directories, and that is the cap of a file.");
        if (!CapReader.CanRead(top)) throw new UsageException("with that cap one can check the directory, but not see what is below it; leave out --deep.");
        var check = new DeepCheck(new CapReader(grid, forWriting: repair), repair);
        check.Add("", top);
        await using (ProgressLine.Start(_ => check.Progress, TimeProvider.System))
        {
            while (check._toRead.TryDequeue(out var next)) await check.ReadAsync(next, cancel);
            check._all = check._found.Count;
            foreach (var found in check._found) await check.CheckAsync(found, cancel);
        }
        if (json) check.PrintJson();
        else check.PrintText();
        return check._lost > 0 ? ExitStatus.Failed : check._unhealthy.Count + check._notChecked.Count > 0 ? ExitStatus.Remains : ExitStatus.Done;
    }

    private string Progress => _all == 0 ? $"reading directories: {Amounts.Count(_found.Count, "object")}" : $"{ProgressLine.Bar(_objects, _all)}verified {_objects:#,0} of {_all:#,0} objects";

    private int Healthy => _objects - _unhealthy.Count;

    private void Add(string path, Cap cap)
    {
        var key = cap.ToVerifyCap() ?? cap;
        if (!_known.TryGetValue(key, out var known))
        {
            known = new Found(path, cap);
            _known.Add(key, known);
            _found.Add(known);
        }
        else if (Authority(cap) > Authority(known.Cap)) known.Cap = cap;
        else return;
        // Once more with a stronger cap: what is below comes with stronger ones, too.
        if (cap is DirectoryCap) _toRead.Enqueue(known);
    }

    private static int Authority(Cap cap) => !CapReader.CanRead(cap) ? 0 : cap.IsReadOnly ? 1 : 2;

    private async Task ReadAsync(Found at, CancellationToken cancel)
    {
        var directory = (DirectoryCap)at.Cap;
        at.Left.Clear();
        if (!CapReader.CanRead(directory))
        {
            at.Left.Add(new NotCheckedView(at.Path, "with its cap one can check it, but not see what is below it"));
            return;
        }
        try
        {
            var table = await _reader.ReadAsync(directory, cancel);
            string above = at.Path.Length == 0 ? "" : at.Path + "/";
            foreach (var skipped in table.Skipped) at.Left.Add(new NotCheckedView(above + skipped.Name.Text, Faults.Describe(skipped.Fault)));
            foreach (var child in table.Children)
            {
                if (CapReader.KnownCapOf(child) is { } cap) Add(above + child.Name.Text, cap);
                else if (child.Caps.Best is not null) at.Left.Add(new NotCheckedView(above + child.Name.Text, "it is of a kind that this version does not know"));
            }
        }
        catch (Exception e) when (e is CommandException or GridException)
        {
            at.WhyUnread = e.Message;
        }
    }

    /// <summary>A literal stands in its cap, so there is nothing to check but what a directory in it names.</summary>
    private async Task CheckAsync(Found at, CancellationToken cancel)
    {
        var file = at.Cap is DirectoryCap directory ? directory.Inner : at.Cap;
        if (file is not LiteralCap && !await CheckAsync(at.Path, file, cancel)) return;
        _notChecked.AddRange(at.Left);
        if (at.WhyUnread is not { } reason) return;
        _lost++;
        _notChecked.Add(new NotCheckedView(at.Path, reason));
    }

    /// <returns>Whether it can be read.</returns>
    private async Task<bool> CheckAsync(string path, Cap file, CancellationToken cancel)
    {
        _objects++;
        bool canRepair = CheckCommand.CanRepair(file);
        var (before, after) = await CheckCommand.CheckAsync(await _reader.GridAsync(cancel), file, _repair && canRepair, cancel);
        var report = new CheckReport(before, after, lacksWriteCap: !canRepair);
        if (!report.Last.IsRecoverable) _lost++;
        if (!report.Last.IsHealthy) _unhealthy.Add((path, report));
        return report.Last.IsRecoverable;
    }

    private void PrintJson() => JsonText.Print(
        new DeepCheckView(
            _objects, Healthy, _objects - _unhealthy.Count(found => !found.Report.Last.IsRecoverable), [.. _unhealthy.Select(found => new DeepCheckedView(found.Path, found.Report.View()))],
            [.. _notChecked]),
        DeepCheckJson.Indented.DeepCheckView);

    private void PrintText()
    {
        foreach (var (path, report) in _unhealthy) Console.Out.WriteLine($"  {Name(path)}: {report.Verdict()}");
        foreach (var (path, reason) in _notChecked) Console.Out.WriteLine($"  {Name(path)}: not checked: {reason.ReplaceLineEndings(" ").TrimEnd('.')}.");
        string rest = _notChecked.Count == 0 ? "" : $", {_notChecked.Count:#,0} not checked";
        Console.Out.WriteLine($"{Amounts.Count(_objects, "object")}: {Healthy:#,0} healthy, {_unhealthy.Count:#,0} not{rest}.");
    }

    private static string Name(string path) => path.Length == 0 ? "the directory" : Printable.Text(path);

    /// <param name="path">Where it was met first.</param>
    /// <param name="cap">The first cap of it.</param>
    private sealed class Found(string path, Cap cap)
    {
        internal string Path { get; } = path;

        /// <summary>The strongest so far.</summary>
        internal Cap Cap { get; set; } = cap;

        /// <summary>What is in it and cannot be looked at.</summary>
        internal List<NotCheckedView> Left { get; } = [];

        /// <summary>Why nobody knows what is in it; null if it was read, or is no directory.</summary>
        internal string? WhyUnread { get; set; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DeepCheckView))]
internal sealed partial class DeepCheckJson : JsonSerializerContext
{
    internal static DeepCheckJson Indented { get; } = new(new(JsonText.Options));
}
