using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Folders;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Commands;

/// <summary><c>gc</c>: frees what no retained snapshot refers to any more.</summary>
internal static class GcCommand
{
    internal static Command Create()
    {
        var config = CommonOptions.Config();
        var state = CommonOptions.State();
        var pretend = new Option<bool>("--dry-run") { Description = "Free nothing, and say what would be" };
        var json = CommonOptions.Json();
        var command = new Command(
            "gc",
            """
            Free storage: delete what this computer has stored or read for its folders, and what no retained version of any participant needs any more. Nothing else on the grid is touched. Objects
            of which little is needed, and small ones, are put together into new ones. What another computer holds a lease on stays until that runs gc, too, or its lease ends. The folders are brought in sync first. Without options it is about the folders of the daemon's
            configuration if there is one, else about those of 'sync'.

            Example: magic-folder gc --dry-run
            """)
        {
            config, state, pretend, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var document = await CollectAsync(parsed.GetValue(config), parsed.GetValue(state), parsed.GetValue(pretend), cancel);
            if (parsed.GetValue(json)) JsonText.Print(document, GcJson.Indented.CollectedDocument);
            else Print(document, parsed.GetValue(config));
            return document.Folders.Any(folder => folder.Reason is not null) ? ExitStatus.Remains : ExitStatus.Done;
        }));
        return command;
    }

    private static async Task<CollectedDocument> CollectAsync(string? config, string? state, bool pretend, CancellationToken cancel)
    {
        if (config is not null && state is not null) throw new UsageException("give either --config or --state.");
        if (state is not null)
        {
            return FolderPlace.HasFolder(state)
                ? await CollectHereAsync([(FolderConfiguration.Load(state), state)], pretend, cancel)
                : throw new CommandException($"There is no magic folder state in {state}; 'magic-folder sync' prints where it keeps it.");
        }
        var directory = ConfigurationChoice.Of(config);
        if (config is null && !directory.IsInitialized) return await CollectHereAsync([.. FolderPlace.All().Select(known => (known.Folder, known.State))], pretend, cancel);
        if (await ApiClient.TryOpenAsync(config, cancel) is { } client)
        {
            using (client) return await client.SendAsync(HttpMethod.Post, "/v1/gc", new CollectRequest(pretend), ApiJson.Default.CollectRequest, ApiJson.Default.CollectedDocument, cancel);
        }
        string[] states = Directory.Exists(directory.Folders) ? [.. Directory.GetDirectories(directory.Folders).Order(StringComparer.Ordinal).Where(FolderPlace.HasFolder)] : [];
        return await CollectHereAsync([.. states.Select(found => (FolderConfiguration.Load(found), found))], pretend, cancel);
    }

    private static async Task<CollectedDocument> CollectHereAsync(IReadOnlyList<(FolderConfiguration Folder, string State)> folders, bool pretend, CancellationToken cancel)
    {
        var collected = new List<CollectedFolderDocument>();
        foreach (var (folder, state) in folders)
        {
            var one = await CollectHereAsync(folder, state, folders, pretend, cancel);
            collected.Add(new CollectedFolderDocument(one.Folder, one.Kept, one.Freed, one.Bytes, one.Leased, one.Rewritten, one.RewrittenBytes, one.Reason));
        }
        return new CollectedDocument(pretend, collected);
    }

    private static async Task<FolderCollection> CollectHereAsync(
        FolderConfiguration folder, string state, IReadOnlyList<(FolderConfiguration Folder, string State)> all, bool pretend, CancellationToken cancel)
    {
        if (HostedState.IsPaused(state)) return FolderCollection.Refused(folder.Name, HostedState.PausedReason);
        try
        {
            var elsewhere = KnownPacks.ReadOthers(all, folder);
            var grid = (await GridOpening.OpenAsync(folder.Grid, mayCreate: false, cancel)).For(folder.LeaseSecret.AsSpan());
            await using var session = await FolderSession.OpenAsync(folder, state, new SessionEnvironment(grid, TimeProvider.System, SystemRandom.Instance, new EngineOptions()), cancel);
            await using (ProgressLine.Start(session.Participants, TimeProvider.System)) return await new FolderCollector(session).CollectAsync(elsewhere, pretend, cancel);
        }
        catch (StateInUseException)
        {
            return FolderCollection.Refused(folder.Name, "another magic-folder command works with it (a watch, or the daemon?); stop it first, or give the daemon's --config");
        }
        catch (Exception e) when (KnownTrouble.Is(e))
        {
            return FolderCollection.Refused(folder.Name, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Whose folders there are none of, and where there may be others.</summary>
    private static string NoFolder(string? config)
    {
        var directory = ConfigurationChoice.Of(config);
        if (!directory.IsInitialized) return "There is no magic folder yet.";
        string ofSync = string.Join(", ", FolderPlace.All().Select(known => known.State));
        return $"The daemon has no folder in {directory.Path}.{(ofSync.Length == 0 ? "" : $" Those of 'sync' are named with --state: {ofSync}")}";
    }

    private static void Print(CollectedDocument document, string? config)
    {
        if (document.Folders.Count == 0) Console.Out.WriteLine(NoFolder(config));
        foreach (var folder in document.Folders)
        {
            if (folder.Reason is null || folder.Kept > 0)
            {
                if (folder.Rewritten > 0)
                    Console.Out.WriteLine($"{folder.Folder}: {(document.DryRun ? "would rewrite" : "rewrote")} what is needed ({Amounts.Bytes(folder.RewrittenBytes)}) of {Amounts.Count(folder.Rewritten, "object")}.");
                string leased = folder.Leased == 0 ? "" : $" {Amounts.Count(folder.Leased, "object")} that another computer still holds a lease on will go when that runs gc, or its lease ends.";
                Console.Out.WriteLine(
                    $"{folder.Folder}: {(document.DryRun ? "would free" : "freed")} {Amounts.Count(folder.Freed, "object")} ({Amounts.Bytes(folder.Bytes)}); {Amounts.Count(folder.Kept, "object")} needed.{leased}");
            }
            if (folder.Reason is { } reason) Console.Error.WriteLine($"magic-folder: {folder.Folder}: {(folder.Freed > 0 ? "not all was freed" : "nothing was freed")}: {reason}.");
        }
    }
}

[JsonSerializable(typeof(CollectedDocument))]
internal sealed partial class GcJson : JsonSerializerContext
{
    internal static GcJson Indented { get; } = new(new JsonSerializerOptions(JsonText.Options));
}
