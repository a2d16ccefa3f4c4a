using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Commands;

internal sealed record DeepCheckedView(string Path, CheckView Check);

internal sealed record NotCheckedView(string Path, string Reason);

internal sealed record DeepCheckView(int Objects, int Healthy, int Recoverable, DeepCheckedView[] Unhealthy, NotCheckedView[] NotChecked);

/// <summary><c>check DIRCAP --deep</c>: checks a directory and everything below it, each object once.</summary>
internal sealed class DeepCheck
{
    private readonly CapReader _reader;
    private readonly bool _repair;
    private readonly HashSet<Cap> _seen = [];
    private readonly Queue<(string Path, Cap Cap)> _waiting = [];
    private readonly List<(string Path, CheckReport Report)> _unhealthy = [];
    private readonly List<NotCheckedView> _notChecked = [];
    private int _objects;
    private int _lost;

    private DeepCheck(CapReader reader, bool repair) => (_reader, _repair) = (reader, repair);

    internal static async Task<int> RunAsync(Cap top, string? grid, bool repair, bool json, CancellationToken cancel)
    {
        if (top is not DirectoryCap) throw new UsageException("--deep is for directories, and that is the cap of a file.");
        if (!CapReader.CanRead(top)) throw new UsageException("with that cap one can check the directory, but not see what is below it; leave out --deep.");
        var check = new DeepCheck(new CapReader(grid, forWriting: repair), repair);
        check.Add("", top);
        while (check._waiting.TryDequeue(out var next)) await check.VisitAsync(next.Path, next.Cap, cancel);
        if (json) check.PrintJson();
        else check.PrintText();
        return check._lost > 0 ? ExitStatus.Failed : check._unhealthy.Count + check._notChecked.Count > 0 ? ExitStatus.Remains : ExitStatus.Done;
    }

    private int Healthy => _objects - _unhealthy.Count;

    /// <summary>A literal stands in its cap, so there is nothing to check but what a directory in it names.</summary>
    private void Add(string path, Cap cap)
    {
        if (_seen.Add(cap.ToVerifyCap() ?? cap)) _waiting.Enqueue((path, cap));
    }

    private async Task VisitAsync(string path, Cap cap, CancellationToken cancel)
    {
        var file = cap is DirectoryCap directory ? directory.Inner : cap;
        bool isReadable = file is LiteralCap || await CheckAsync(path, file, cancel);
        if (isReadable && cap is DirectoryCap below) await AddChildrenAsync(path, below, cancel);
    }

    private async Task<bool> CheckAsync(string path, Cap file, CancellationToken cancel)
    {
        _objects++;
        var (before, after) = await CheckCommand.CheckAsync(await _reader.GridAsync(cancel), file, _repair && CheckCommand.CanRepair(file), cancel);
        var last = after ?? before;
        if (!last.IsRecoverable) _lost++;
        if (!last.IsHealthy) _unhealthy.Add((path, new CheckReport(before, after)));
        return last.IsRecoverable;
    }

    private async Task AddChildrenAsync(string path, DirectoryCap directory, CancellationToken cancel)
    {
        if (!CapReader.CanRead(directory))
        {
            _notChecked.Add(new NotCheckedView(path, "with its cap one can check it, but not see what is below it"));
            return;
        }
        try
        {
            var table = await _reader.ReadAsync(directory, cancel);
            string above = path.Length == 0 ? "" : path + "/";
            foreach (var skipped in table.Skipped) _notChecked.Add(new NotCheckedView(above + skipped.Name.Text, Faults.Describe(skipped.Fault)));
            // An object that is there twice is reached by the cap with which it can be repaired.
            foreach (var child in table.Children.OrderBy(child => child.Caps.Write is null))
            {
                if (CapReader.KnownCapOf(child) is { } cap) Add(above + child.Name.Text, cap);
                else if (child.Caps.Best is not null) _notChecked.Add(new NotCheckedView(above + child.Name.Text, "it is of a kind that this version does not know"));
            }
        }
        catch (Exception e) when (e is CommandException or GridException)
        {
            _lost++;
            _notChecked.Add(new NotCheckedView(path, e.Message));
        }
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
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DeepCheckView))]
internal sealed partial class DeepCheckJson : JsonSerializerContext
{
    internal static DeepCheckJson Indented { get; } = new(new(JsonText.Options));
}
