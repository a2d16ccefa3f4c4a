using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Undoing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>undo --by NAME --since TIME</c>: takes back what a participant did.</summary>
internal static class UndoCommand
{
    internal static Command Create()
    {
        var by = new Option<string>("--by") { Description = "Whose changes, as 'participants' lists it", HelpName = "NAME", Required = true };
        var since = new Option<string>("--since") { Description = $"Changes that were published since then, by that participant's clock: {PastTime.Forms}", HelpName = "TIME", Required = true };
        var pretend = new Option<bool>("--dry-run") { Description = "Change nothing, and say what would be" };
        var json = CommonOptions.Json();
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var command = new Command(
            "undo",
            """
            Take back what a participant did to a folder since a time. What it changed is as before, what it deleted comes back, what it made goes, for everybody; the undone versions stay in the
            history. What somebody else changed afterwards, and what is in conflict, is left alone and named.

            Example: magic-folder undo --folder holiday --by desktop --since 2h --dry-run
            """)
        {
            by, since, pretend, json, actor,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var request = new UndoRequest(parsed.GetRequiredValue(by), PastTime.Parse(parsed.GetRequiredValue(since), TimeProvider.System), parsed.GetValue(pretend));
            var document = await UndoAsync(request, folder, parsed, parsed.GetValue(actor), cancel);
            if (parsed.GetValue(json)) JsonText.Print(document, UndoJson.Indented.UndoneDocument);
            else Print(document);
            return document.Problems.Count == 0 ? ExitStatus.Done : ExitStatus.Remains;
        }));
        return command;
    }

    private static async Task<UndoneDocument> UndoAsync(UndoRequest request, FolderOptions folder, ParseResult parsed, string? actor, CancellationToken cancel)
    {
        using (var daemon = await folder.FindDaemonAsync(parsed, actor, path: null, cancel))
        {
            if (daemon is not null)
                return await daemon.SendAsync("/undo", new UndoBody(request.By, request.SinceMs / 1000.0, request.Pretend), ApiJson.Default.UndoBody, ApiJson.Default.UndoneDocument, cancel);
        }
        await using var acting = await ActingSession.OpenAsync(ChosenFolder.Choose(folder.StateOf(parsed), actor, path: null), "give the folder of the daemon with --folder", cancel);
        UndoResult result;
        await using (ProgressLine.Start(acting.Session.Participants, TimeProvider.System)) result = await new ParticipantUndo(acting.Session, acting.Participant).UndoAsync(request, cancel);
        return UndoView.Of(request, result);
    }

    private static void Print(UndoneDocument document)
    {
        foreach (var one in document.Paths) Console.Out.WriteLine($"  {one.Action,-12}  {Printable.Text(one.Path)}");
        string what = $"what {document.By} did since {Times.Local(document.SinceMs)}";
        if (document.Paths.Count > 0) Console.Out.WriteLine($"{Amounts.Count(document.Paths.Count, "path")}: {what} {(document.DryRun ? "would be" : "was")} undone.");
        else Console.Out.WriteLine($"Nothing to undo of {what}.");
        foreach (var problem in document.Problems) Failure.Report($"{problem.Path}: {problem.Reason}; {problem.Advice}.");
    }
}

[JsonSerializable(typeof(UndoneDocument))]
internal sealed partial class UndoJson : JsonSerializerContext
{
    internal static UndoJson Indented { get; } = new(new JsonSerializerOptions(JsonText.Options));
}
