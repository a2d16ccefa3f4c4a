using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Sync.Checking;

namespace MagicFolder.Cli.Commands;

internal sealed record DamagedShareView(int Number, string Server, string Damage);

internal sealed record FailingDirectoryView(string Server, string Reason);

internal sealed record UnhealthyObjectView(
    string Object, string Kind, string? Participant, bool Needed, int K, int N, int Happiness, int[] Missing, DamagedShareView[] Damaged, FailingDirectoryView[] Failing,
    bool Repaired, bool Healthy, bool Recoverable, string? Trouble);

internal sealed record LostVersionView(string Path, string Version, string Participant, long Seq, string Time, long Size, bool OnDisk, string Reason);

internal sealed record LostTreeView(string Version, string Participant, long Seq, string Time, string? After, string? Last, string Reason);

internal sealed record LostSnapshotView(string Version, string Participant, long Seq, string? Time, string Reason);

internal sealed record FolderCheckView(
    string Folder, string Participant, bool Healthy, bool Readable, int Participants, int Snapshots, long Versions, int Objects, long Shares, long ShareBytes, long ContentBytes,
    UnhealthyObjectView[] Unhealthy, LostVersionView[] LostVersions, LostTreeView[] LostTrees, LostSnapshotView[] LostSnapshots, Problem[] Problems);

/// <summary>What a check of a folder has found, for programs and for people.</summary>
internal sealed class FolderCheckReport(ChosenFolder chosen, FolderCheck check, CheckProgress progress, bool wasToRepair)
{
    private readonly CheckedObject[] _unhealthy = [.. check.Objects.Where(one => !one.Before.IsHealthy)];

    internal void PrintJson() => JsonText.Print(
        new FolderCheckView(
            chosen.Folder.Name, chosen.Participant.Name, check.IsHealthy, check.IsReadable, check.Participants, check.Snapshots, check.Versions, check.Objects.Length,
            progress.Shares, progress.ShareBytes, progress.Bytes,
            [.. _unhealthy.Select(View)],
            [.. check.LostVersions.Select(lost => new LostVersionView(
                lost.Path.ToString(), lost.Version.Snapshot.ShownVersion, lost.Version.Participant, lost.Version.Seq, Times.Iso(lost.Version.Snapshot.TimeMs), lost.Version.Value?.Size ?? 0,
                lost.IsOnDisk, lost.Reason))],
            [.. check.LostTrees.Select(lost => new LostTreeView(
                lost.Snapshot.ShownVersion, lost.Snapshot.Participant, lost.Snapshot.Seq, Times.Iso(lost.Snapshot.TimeMs), lost.After?.ToString(), lost.Last?.ToString(), lost.Reason))],
            [.. check.LostSnapshots.Select(lost => new LostSnapshotView(
                lost.ShownVersion, lost.Participant, lost.Seq, lost.TimeMs == 0 ? null : Times.Iso(lost.TimeMs), lost.Reason))],
            [.. check.Problems]),
        FolderCheckJson.Indented.FolderCheckView);

    internal void PrintText()
    {
        Console.Out.WriteLine(
            $"{chosen.Folder.Name}: {Amounts.Count(check.Participants, "participant")}, {Amounts.Count(check.Snapshots, "snapshot")}, {Amounts.Count(check.Versions, "version")} of files. "
            + $"Verified {Amounts.Count(check.Objects.Length, "object")} with {Amounts.Count(progress.Shares, "share")} ({Amounts.Bytes(progress.ShareBytes)}), and read {Amounts.Bytes(progress.Bytes)} of contents.");
        foreach (string trouble in check.Objects.SelectMany(one => one.Last.Failing).Select(trouble => trouble.ToString()).Distinct(StringComparer.Ordinal)) Console.Out.WriteLine($"  {trouble}");
        foreach (var problem in check.Problems) Console.Out.WriteLine($"  {problem}");
        PrintUnhealthy();
        PrintLost();
        if (wasToRepair) PrintRepairs();
        Console.Out.WriteLine(Verdict());
    }

    private void PrintUnhealthy()
    {
        foreach (var one in _unhealthy)
        {
            Console.Out.WriteLine($"  {NameOf(one)}: {Describe(one)}");
            foreach (var share in one.Before.Shares.Where(share => !share.IsSound)) Console.Out.WriteLine($"    share {(share.Number < 0 ? "?" : $"{share.Number}"),-3}  {share.Server}  damaged: {share.Damage}");
            if (!one.Before.Missing.IsEmpty) Console.Out.WriteLine($"    missing: {string.Join(", ", one.Before.Missing)}");
        }
    }

    private void PrintLost()
    {
        foreach (var lost in check.LostSnapshots)
            Console.Out.WriteLine($"  lost snapshot  {lost.ShownVersion}  {(lost.TimeMs == 0 ? "" : Times.Local(lost.TimeMs)),-19}  {lost.Participant}  {lost.Seq,4}  {lost.Reason}");
        foreach (var lost in check.LostTrees)
            Console.Out.WriteLine($"  lost part of a snapshot  {lost.Snapshot.ShownVersion}  {Times.Local(lost.Snapshot.TimeMs)}  {lost.Snapshot.Participant}  {lost.Snapshot.Seq,4}  {PartOf(lost)}: {lost.Reason}");
        if (check.LostVersions.IsEmpty) return;
        int pathWidth = check.LostVersions.Max(lost => Printable.Text(lost.Path.ToString()).Length);
        int nameWidth = check.LostVersions.Max(lost => lost.Version.Participant.Length);
        foreach (var lost in check.LostVersions)
        {
            Console.Out.WriteLine(
                $"  lost  {Printable.Text(lost.Path.ToString()).PadRight(pathWidth)}  {lost.Version.Snapshot.ShownVersion}  {Times.Local(lost.Version.Snapshot.TimeMs)}  {lost.Version.Participant.PadRight(nameWidth)}  {lost.Version.Seq,4}  "
                + $"{Kinds.Describe(lost.Version.Value)}{(lost.IsOnDisk ? $"; lost on the grid, still on the disk of {chosen.Participant.Name}" : "")}");
        }
    }

    private void PrintRepairs()
    {
        foreach (var one in check.Objects.Where(one => one.IsSpread))
            Console.Out.WriteLine($"  {NameOf(one)}: was healthy; spread over {Amounts.Count(one.Last.Happiness, "server")} now, before over {one.Before.Happiness}");
        foreach (var one in _unhealthy.Where(one => one.After is not null || one.Trouble is not null))
        {
            string outcome = one.Trouble is { } trouble ? $"not repaired: {trouble}" : one.IsRepaired ? "repaired" : $"repaired in part: {Describe(one.Last)}";
            Console.Out.WriteLine($"  {NameOf(one)}: {outcome}");
        }
    }

    private string Verdict()
    {
        int repaired = _unhealthy.Count(one => one.IsRepaired);
        string did = repaired == 0 ? "" : $"{Amounts.Count(repaired, "object")} repaired. ";
        if (check.IsHealthy) return $"{did}All is well: every version can be read, and no share is missing.";
        if (check.IsReadable)
        {
            int left = check.Objects.Count(one => one.IsNeeded && !one.Last.IsHealthy);
            return $"{did}Every version can be read, but {Amounts.Count(left, "object is", "objects are")} not healthy.{(!wasToRepair ? " Repair with --repair." : check.Objects.Any(one => one.After is { IsHealthy: false }) ? $" {CheckReport.RepairAgain}" : "")}";
        }
        string what = check.LostVersions.IsEmpty ? "Not all that is retained can be read." : $"{Amounts.Count(check.LostVersions.Length, "version")} cannot be read.";
        return $"{did}{what} Bring back a server or a directory that has more, or a backup of the storage.";
    }

    private static string NameOf(CheckedObject one) => one.Kind switch
    {
        StoredKind.Collective => $"list of participants {one.Name}",
        StoredKind.Personal => $"head of {one.Participant} {one.Name}",
        _ => $"pack {one.Name}",
    };

    private static string Describe(CheckedObject one) => one.IsNeeded ? Describe(one.Before) : $"{Describe(one.Before)}; but all that is retained of it lies elsewhere, too";

    private static string Describe(GridCheck found)
    {
        if (found.N == 0) return "not readable; no version of it is there";
        string state = found.IsRecoverable ? "readable, but not healthy" : "not readable";
        string versions = found.Versions.Length > 1 ? $", {found.Versions.Length} versions of it are there" : "";
        return $"{state}; {found.N - found.Missing.Length} of {found.N} shares are sound, {found.K} are needed, on {Amounts.Count(found.Happiness, "server")} of their own{versions}";
    }

    private static string PartOf(LostTree lost) => (lost.After, lost.Last) switch
    {
        (null, null) => "all of it",
        (null, { } last) => $"up to {Printable.Text(last.ToString())}",
        ({ } after, null) => $"behind {Printable.Text(after.ToString())}",
        ({ } after, { } last) => $"behind {Printable.Text(after.ToString())}, up to {Printable.Text(last.ToString())}",
    };

    private static UnhealthyObjectView View(CheckedObject one) => new(
        one.Name, one.Kind.ToString().ToLowerInvariant(), one.Participant, one.IsNeeded, one.Before.K, one.Before.N, one.Before.Happiness, [.. one.Before.Missing],
        [.. one.Before.Shares.Where(share => !share.IsSound).Select(share => new DamagedShareView(share.Number, share.Server, share.Damage!))],
        [.. one.Before.Failing.Select(trouble => new FailingDirectoryView(trouble.Server, trouble.Error.Message))],
        one.IsRepaired, one.Last.IsHealthy, one.Last.IsRecoverable, one.Trouble);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FolderCheckView))]
internal sealed partial class FolderCheckJson : JsonSerializerContext
{
    internal static FolderCheckJson Indented { get; } = new(new(JsonText.Options));
}
