using System.Text.Json.Serialization;
using MagicFolder.Cli.Output;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

internal sealed record SummarizedSnapshot(LoggedSnapshot Logged, DmtSummary Summary);

internal sealed record VersionView(
    string Version, string Participant, long Seq, string Time, string Kind, long Size, IReadOnlyDictionary<string, long> Observed);

/// <summary>Snapshots or versions, newest first, for programs and for people.</summary>
internal sealed class HistoryReport(Petnames petnames, bool json)
{
    private const string SnapshotKind = "snapshot";

    internal void Print(IReadOnlyList<SummarizedSnapshot> snapshots)
    {
        if (json)
        {
            PrintJson([.. snapshots.Select(s => View(s.Logged, s.Logged.Participant, s.Logged.Seq, SnapshotKind, s.Summary.Bytes))]);
            return;
        }
        PrintTable(snapshots.Select(s => (s.Logged, s.Logged.Participant, s.Logged.Seq, $"{Amounts.Count(s.Summary.Files, "file")}, {Amounts.Bytes(s.Summary.Bytes)}")));
    }

    /// <exception cref="CommandException">There are none.</exception>
    internal void Print(RelativePath path, IReadOnlyList<PathVersion> versions)
    {
        if (versions.Count == 0) throw new CommandException($"No version of {path} is known; 'magic-folder history' without PATH lists the snapshots.");
        if (json)
        {
            PrintJson([.. versions.Select(v => View(v.Snapshot, v.Participant, v.Seq, Kinds.Word(v.Value), v.Value?.Size ?? 0))]);
            return;
        }
        PrintTable(versions.Select(v => (v.Snapshot, v.Participant, v.Seq, Kinds.Describe(v.Value))));
        Console.Out.WriteLine($"Bring one back with: magic-folder restore {path} --version VERSION");
    }

    private static void PrintTable(IEnumerable<(LoggedSnapshot Snapshot, string Participant, long Seq, string What)> lines)
    {
        var rows = lines.ToArray();
        int width = rows.Select(row => row.Participant.Length).DefaultIfEmpty(0).Max();
        foreach (var (snapshot, participant, seq, what) in rows)
            Console.Out.WriteLine($"{snapshot.ShownVersion}  {Times.Local(snapshot.TimeMs)}  {participant.PadRight(width)}  {seq,4}  {what}");
    }

    private static void PrintJson(VersionView[] views) => JsonText.Print(views, HistoryJson.Indented.VersionViewArray);

    private VersionView View(LoggedSnapshot snapshot, string participant, long seq, string kind, long size) =>
        new(snapshot.ShownVersion, participant, seq, Times.Iso(snapshot.TimeMs), kind, size, Observed(snapshot));

    /// <summary>A participant that lost its state counts anew, under another actor; the highest number is shown.</summary>
    private SortedDictionary<string, long> Observed(LoggedSnapshot snapshot)
    {
        var observed = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var observation in snapshot.Snapshot.Observed.All)
        {
            string name = petnames.Of(observation.Actor);
            observed[name] = Math.Max(observation.Seq, observed.GetValueOrDefault(name));
        }
        return observed;
    }
}

[JsonSerializable(typeof(VersionView[]))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    internal static HistoryJson Indented { get; } = new(new System.Text.Json.JsonSerializerOptions(JsonText.Options));
}
