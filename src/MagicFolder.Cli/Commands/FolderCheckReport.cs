using System.Text.Json;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands;

/// <summary>What a check of a folder has found, for programs and for people.</summary>
internal sealed class FolderCheckReport(FolderCheckDocument check)
{
    private static readonly ApiJson Indented = new(new JsonSerializerOptions(JsonText.Options));

    internal void PrintJson() => JsonText.Print(check, Indented.FolderCheckDocument);

    internal void PrintText()
    {
        Console.Out.WriteLine(
            $"{check.Folder}: {Amounts.Count(check.Participants, "participant")}, {Amounts.Count(check.Snapshots, "snapshot")}, {Amounts.Count(check.Versions, "version")} of files. "
            + $"Verified {Amounts.Count(check.Objects, "object")} with {Amounts.Count(check.Shares, "share")} ({Amounts.Bytes(check.ShareBytes)}), and read {Amounts.Bytes(check.ContentBytes)} of contents.");
        foreach (string trouble in check.Troubles) Console.Out.WriteLine($"  {Printable.Text(trouble)}");
        foreach (var problem in check.Problems) Console.Out.WriteLine($"  {Printable.Line(problem.Path, problem.Reason, problem.Advice)}");
        PrintUnhealthy();
        PrintLost();
        if (check.Repair) PrintRepairs();
        Console.Out.WriteLine(Verdict());
    }

    private void PrintUnhealthy()
    {
        foreach (var one in check.Unhealthy)
        {
            Console.Out.WriteLine($"  {NameOf(one)}: {Describe(one)}");
            foreach (var share in one.Damaged) Console.Out.WriteLine($"    share {(share.Number < 0 ? "?" : $"{share.Number}"),-3}  {share.Server}  damaged: {share.Damage}");
            if (one.Missing.Count > 0) Console.Out.WriteLine($"    missing: {string.Join(", ", one.Missing)}");
        }
    }

    private void PrintLost()
    {
        foreach (var lost in check.LostSnapshots)
            Console.Out.WriteLine(Printable.Text($"  lost snapshot  {lost.Version}  {(lost.Time is { } time ? Times.LocalOfIso(time) : ""),-19}  {lost.Participant}  {lost.Seq,4}  {lost.Reason}"));
        foreach (var lost in check.LostTrees)
            Console.Out.WriteLine($"  lost part of a snapshot  {lost.Version}  {Times.LocalOfIso(lost.Time)}  {Printable.Text(lost.Participant)}  {lost.Seq,4}  {PartOf(lost)}: {Printable.Text(lost.Reason)}");
        if (check.LostVersions.Count == 0) return;
        int pathWidth = check.LostVersions.Max(lost => Printable.Text(lost.Path).Length);
        int nameWidth = check.LostVersions.Max(lost => lost.Participant.Length);
        foreach (var lost in check.LostVersions)
        {
            Console.Out.WriteLine(
                $"  lost  {Printable.Text(lost.Path).PadRight(pathWidth)}  {lost.Version}  {Times.LocalOfIso(lost.Time)}  {Printable.Text(lost.Participant.PadRight(nameWidth))}  {lost.Seq,4}  "
                + $"{Amounts.Bytes(lost.Size)}{(lost.OnDisk ? $"; lost on the grid, still on the disk of {check.Participant}" : "")}");
        }
    }

    private void PrintRepairs()
    {
        foreach (var one in check.Spread)
            Console.Out.WriteLine($"  {NameOf(one.Kind, one.Participant, one.Object)}: was healthy; spread over {Amounts.Count(one.Happiness, "server")} now, before over {one.HappinessBefore}");
        foreach (var one in check.Unhealthy.Where(one => one.After is not null || one.Trouble is not null))
        {
            string outcome = one.Trouble is { } trouble ? $"not repaired: {trouble}" : one.Repaired ? "repaired" : $"repaired in part: {Describe(one.After ?? one.Before)}";
            Console.Out.WriteLine($"  {NameOf(one)}: {outcome}");
        }
    }

    private string Verdict()
    {
        int repaired = check.Unhealthy.Count(one => one.Repaired);
        string did = repaired == 0 ? "" : $"{Amounts.Count(repaired, "object")} repaired. ";
        if (check.Healthy) return $"{did}All is well: every version can be read, and no share is missing.";
        if (check.Readable)
        {
            int left = check.Unhealthy.Count(one => one is { Needed: true, Healthy: false });
            return $"{did}Every version can be read, but {Amounts.Count(left, "object is", "objects are")} not healthy.{(!check.Repair ? " Repair with --repair." : check.Unhealthy.Any(one => one.After is { Healthy: false }) ? $" {CheckReport.RepairAgain}" : "")}";
        }
        string what = check.LostVersions.Count == 0 ? "Not all that is retained can be read." : $"{Amounts.Count(check.LostVersions.Count, "version")} cannot be read.";
        return $"{did}{what} Bring back a server or a directory that has more, or a backup of the storage.";
    }

    private static string NameOf(UnhealthyObjectDocument one) => NameOf(one.Kind, one.Participant, one.Object);

    private static string NameOf(string kind, string? participant, string name) => kind switch
    {
        FolderCheckView.Collective => $"list of participants {name}",
        FolderCheckView.Personal => $"head of {participant} {name}",
        _ => $"pack {name}",
    };

    private static string Describe(UnhealthyObjectDocument one) => one.Needed ? Describe(one.Before) : $"{Describe(one.Before)}; but all that is retained of it lies elsewhere, too";

    private static string Describe(StoredDocument found)
    {
        if (found.N == 0) return "not readable; no version of it is there";
        string state = found.Recoverable ? "readable, but not healthy" : "not readable";
        string versions = found.Versions > 1 ? $", {found.Versions} versions of it are there" : "";
        return $"{state}; {found.Sound} of {found.N} shares are sound, {found.K} are needed, on {Amounts.Count(found.Happiness, "server")} of their own{versions}";
    }

    private static string PartOf(LostTreeDocument lost) => (lost.After, lost.Last) switch
    {
        (null, null) => "all of it",
        (null, { } last) => $"up to {Printable.Text(last)}",
        ({ } after, null) => $"behind {Printable.Text(after)}",
        ({ } after, { } last) => $"behind {Printable.Text(after)}, up to {Printable.Text(last)}",
    };
}
