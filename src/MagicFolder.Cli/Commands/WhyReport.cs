using System.Text.Json.Serialization;
using MagicFolder.Cli.Output;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Explaining;

namespace MagicFolder.Cli.Commands;

internal sealed record StandingView(string Kind, long Size, string Modified, string? Participant, long? Seq, string? Time);

internal sealed record VersionAtView(string Participant, long Seq, string? Time, string Kind, long Size, string Modified, string? File);

internal sealed record HeldView(string Origin, long Count, long Of, string Since);

internal sealed record ActivityView(string Time, string Kind, string Text);

internal sealed record WhyView(
    string Path, string Participant, StandingView? Here, string Disk, string? ConflictFileOf, IReadOnlyList<VersionAtView> Siblings, bool Conflict, bool Pending,
    bool Unpublished, HeldView? HeldDeletions, IReadOnlyList<ProblemView> Problems, IReadOnlyList<ActivityView> Activity, IReadOnlyList<string> Sentences);

/// <summary>What is known of a path, for programs and for people.</summary>
internal sealed class WhyReport(PathStory story)
{
    internal void PrintText()
    {
        foreach (string sentence in new StoryTeller(Times.Local, Amounts.Bytes).Tell(story)) Console.Out.WriteLine(sentence);
        if (story.Activity.IsEmpty) return;
        Console.Out.WriteLine("What happened, newest first:");
        foreach (var row in story.Activity) Console.Out.WriteLine($"  {Times.Local(row.TimeMs)}  {row.Text}");
    }

    internal void PrintJson() => JsonText.Print(
        new WhyView(
            story.Path.ToString(), story.Participant, Here(), DiskWord(story.Disk), story.AsConflictFile?.Main.ToString(),
            [.. story.Siblings.Select(sibling => new VersionAtView(
                sibling.Participant, sibling.Dots[^1].Seq, TimeOf(sibling.Dots[^1]), Kinds.Word(sibling.Value), sibling.Value.Size,
                Times.IsoOfNs(sibling.Value.MtimeNs), sibling.File?.ToString()))],
            story.IsConflict, story.IsPending, story.IsUnpublished,
            story.Held is { } held ? new HeldView(held.Origin, held.Count, held.Of, Times.Iso(held.SinceMs)) : null,
            [.. story.Problems.Select(problem => new ProblemView(problem.Path, problem.Reason, problem.Advice))],
            [.. story.Activity.Select(row => new ActivityView(Times.Iso(row.TimeMs), row.Kind, row.Text))],
            new StoryTeller(Times.Iso, bytes => $"{bytes} B").Tell(story)),
        WhyJson.Indented.WhyView);

    private StandingView? Here()
    {
        var value = story.Record?.Value ?? story.AsConflictFile?.Value;
        if (value is null) return null;
        var dots = story.Record?.Dots ?? story.AsConflictFile!.Dots;
        Dot? dot = dots.IsEmpty ? null : dots[^1];
        return new StandingView(
            Kinds.Word(value), value.Size, Times.IsoOfNs(value.MtimeNs), dot is { } made ? story.PetnameOf(made.Actor) : null, dot?.Seq, dot is { } at ? TimeOf(at) : null);
    }

    private string? TimeOf(Dot dot) => story.Times.TryGetValue(dot, out long timeMs) ? Times.Iso(timeMs) : null;

    private static string DiskWord(DiskFinding finding) => finding switch
    {
        DiskFinding.Nothing => "nothing",
        DiskFinding.AsRecorded => "as-recorded",
        DiskFinding.Changed => "changed",
        DiskFinding.Missing => "missing",
        DiskFinding.New => "new",
        _ => "unknown",
    };
}

[JsonSerializable(typeof(WhyView))]
internal sealed partial class WhyJson : JsonSerializerContext
{
    internal static WhyJson Indented { get; } = new(new System.Text.Json.JsonSerializerOptions(JsonText.Options));
}
