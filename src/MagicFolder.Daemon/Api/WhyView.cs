using System.Globalization;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Sync;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Daemon.Api;

/// <summary>What is known of a path, as a document.</summary>
public static class WhyView
{
    /// <summary>Around times, sizes and options in a sentence: no path, name or message has it.</summary>
    private const char Mark = '\0';

    private const char TimeMark = 't';
    private const char SizeMark = 'b';
    private const char OptionsMark = 'o';

    /// <summary>The times of versions are on the grid; everything else is here, and is told without it as well.</summary>
    /// <param name="view">Of the folder.</param>
    /// <param name="path">In it.</param>
    /// <param name="openGrid">Opens its grid.</param>
    /// <param name="options">By which commands that are advised know the folder, with a space before each.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RefusedException">Nothing is known of it.</exception>
    public static async Task<WhyDocument> ReadAsync(FolderView view, RelativePath path, Func<CancellationToken, Task<IGrid>> openGrid, string options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(view);
        var (log, trouble) = await ReadLogAsync(view, openGrid, cancel);
        var story = PathExplainer.Explain(view, path, log);
        return story.IsKnown
            ? Of(story, options) with { TimesUnknown = trouble }
            : throw new RefusedException($"Nothing is known of {story.Path} for {story.Participant}, neither now nor before; paths are relative to {view.Participant.Path}.");
    }

    internal static WhyDocument Of(PathStory story, string options) => new(
        story.Path.ToString(), story.Participant, Here(story), DiskWord(story.Disk), story.AsConflictFile?.Main.ToString(),
        [.. story.Siblings.Select(sibling => new VersionAtDocument(
            sibling.Participant, sibling.Dots[^1].Seq, TimeOf(story, sibling.Dots[^1]), Words.Kind(sibling.Value), sibling.Value.Size, Words.Modified(sibling.Value), sibling.File?.ToString()))],
        story.IsConflict, story.IsPending, story.IsUnpublished,
        story.Held is { } held ? new HeldDocument(held.Origin, held.Count, held.Of, UnixTime.ToIso(held.SinceMs)) : null,
        [.. story.Problems.Select(Words.Of)],
        [.. story.Activity.Select(row => new ActivityDocument(UnixTime.ToIso(row.TimeMs), row.Kind, row.Text))],
        new StoryTeller(UnixTime.ToIso, bytes => $"{bytes} B", options).Tell(story),
        [.. new StoryTeller(time => $"{Mark}{TimeMark}{time}{Mark}", size => $"{Mark}{SizeMark}{size}{Mark}", $"{Mark}{OptionsMark}{options}{Mark}").Tell(story).Select(Parts)],
        TimesUnknown: null);

    private static async Task<(SnapshotLog? Log, string? Trouble)> ReadLogAsync(FolderView view, Func<CancellationToken, Task<IGrid>> openGrid, CancellationToken cancel)
    {
        try
        {
            await using var reader = await HistoryReader.OpenAsync(view, await openGrid(cancel), cancel);
            return (await reader.ReadLogAsync(cancel), null);
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Between two marks stands a time, a size or what names the folder.</summary>
    private static IReadOnlyList<PartDocument> Parts(string sentence) =>
        [.. sentence.Split(Mark).Select((part, i) => i % 2 == 0 ? new PartDocument(part) : Value(part)).Where(part => part.Text is not "")];

    private static PartDocument Value(string marked)
    {
        if (marked[0] == OptionsMark) return new PartDocument(null, Options: marked[1..]);
        long value = long.Parse(marked.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return marked[0] == TimeMark ? new PartDocument(null, TimeMs: value) : new PartDocument(null, Bytes: value);
    }

    private static StandingDocument? Here(PathStory story)
    {
        var value = story.Record?.Value ?? story.AsConflictFile?.Value;
        if (value is null) return null;
        var dots = story.Record?.Dots ?? story.AsConflictFile!.Dots;
        Dot? dot = dots.IsEmpty ? null : dots[^1];
        return new StandingDocument(
            Words.Kind(value), value.Size, Words.Modified(value), dot is { } made ? story.PetnameOf(made.Actor) : null, dot?.Seq, dot is { } at ? TimeOf(story, at) : null);
    }

    private static string? TimeOf(PathStory story, Dot dot) => story.Times.TryGetValue(dot, out long timeMs) ? UnixTime.ToIso(timeMs) : null;

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
