using System.CommandLine;
using System.Text.Json;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Cli.Commands;

/// <summary><c>publish --as-tahoe-directory</c>: shows the newest snapshot to other clients of Tahoe-LAFS.</summary>
internal static class PublishCommand
{
    private static readonly ApiJson Indented = new(new JsonSerializerOptions(JsonText.Options));

    internal static Command Create()
    {
        var asDirectory = new Option<bool>("--as-tahoe-directory") { Description = "As ordinary directories of Tahoe-LAFS, which every client of it can read" };
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var json = CommonOptions.Json();
        var command = new Command(
            "publish",
            """
            Show the newest snapshot of a participant to people who have another client of Tahoe-LAFS on the same storage. Prints two read caps: one of this snapshot, which never changes, and
            one of a directory whose 'Latest' is the newest snapshot and whose 'Archives' holds the earlier ones. Who has a cap can read all of that, and change nothing. What is unchanged
            since the last time is not stored again. Works while 'sync --watch' runs.

            Example: magic-folder publish --as-tahoe-directory
            """)
        {
            asDirectory, actor, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() =>
        {
            if (!parsed.GetValue(asDirectory)) throw new UsageException("say as what to publish: --as-tahoe-directory.");
            return RunAsync(folder, parsed, parsed.GetValue(actor), parsed.GetValue(json), cancel);
        }));
        return command;
    }

    private static async Task<int> RunAsync(FolderOptions folder, ParseResult parsed, string? actor, bool json, CancellationToken cancel)
    {
        var published = await PublishAsync(folder, parsed, actor, cancel);
        if (json) JsonText.Print(published, Indented.PublishedDocument);
        else PrintText(published);
        return published.Problems.Count == 0 ? ExitStatus.Done : ExitStatus.Remains;
    }

    private static async Task<PublishedDocument> PublishAsync(FolderOptions folder, ParseResult parsed, string? actor, CancellationToken cancel)
    {
        using (var daemon = await folder.FindDaemonAsync(parsed, actor, path: null, cancel))
        {
            if (daemon is not null) return await daemon.PostAsync("/publish", ApiJson.Default.PublishedDocument, cancel);
        }
        var chosen = ChosenFolder.Choose(folder.StateOf(parsed), actor, path: null);
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        return await PublishView.PublishAsync(view, grid, chosen.State, MutableKeys.Generate, ClientSecrets.Convergence(), TimeProvider.System, cancel);
    }

    private static void PrintText(PublishedDocument published)
    {
        Console.Out.WriteLine($"snapshot   {published.Snapshot}");
        Console.Out.WriteLine($"directory  {published.Directory}");
        Console.Error.WriteLine(
            $"Version {published.Version} of {published.Participant} ({Times.LocalOfIso(published.Time)}): {Amounts.Count(published.Files, "file")}, {Amounts.Bytes(published.Bytes)}; {published.Stored:#,0} stored anew.");
        foreach (var problem in published.Problems) Failure.Report($"{problem.Path}: {problem.Reason}; {problem.Advice}.");
    }
}
