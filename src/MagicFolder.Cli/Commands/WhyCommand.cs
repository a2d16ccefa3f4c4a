using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>why PATH</c>: what is with this path here, and what happened to it.</summary>
internal static class WhyCommand
{
    internal static Command Create()
    {
        var path = CommonOptions.Path("The path to explain");
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var json = CommonOptions.Json();
        var command = new Command(
            "why",
            """
            Explain a path: which version is here and who made it, whether it is in conflict, what is waited for, which problems stand in the way, and what happened to it.
            Works while 'sync --watch' runs. The exit status is 1 when nothing is known of the path.

            Example: magic-folder why ~/alice/report.txt
            """)
        {
            path, actor, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var why = await ReadAsync(parsed.GetRequiredValue(path), folder, parsed, parsed.GetValue(actor), cancel);
            if (why.TimesUnknown is { } trouble) Console.Error.WriteLine($"magic-folder: the times of versions are not shown: {trouble}");
            if (parsed.GetValue(json)) WhyReport.PrintJson(why);
            else WhyReport.PrintText(why, folder.ForNext(parsed, parsed.GetValue(actor)));
            return ExitStatus.Done;
        }));
        return command;
    }

    private static async Task<WhyDocument> ReadAsync(string path, FolderOptions folder, ParseResult parsed, string? actor, CancellationToken cancel)
    {
        using (var daemon = await folder.FindDaemonAsync(parsed, actor, path, cancel))
        {
            if (daemon is not null) return await daemon.GetAsync($"/why{DaemonFolder.QueryOf(daemon.Chosen.Path!.Value)}", ApiJson.Default.WhyDocument, cancel);
        }
        var chosen = ChosenFolder.Choose(folder.StateOf(parsed), actor, path);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        return await WhyView.ReadAsync(view, chosen.Path!.Value, async stop => await chosen.OpenGridAsync(stop), folder.ForDaemon(parsed), cancel);
    }
}
