using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary>A command that asks the daemon to do something with one folder, or with all.</summary>
internal static class FolderAction
{
    /// <summary>One that is only being joined is none yet.</summary>
    internal const string NoFolder = "There are no folders yet; make one with 'magic-folder add'. What is being joined is in 'magic-folder status'.";

    /// <param name="verb">The command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="path">The request, behind the path of the folder.</param>
    /// <param name="done">What to say of a folder with which it was done.</param>
    internal static Command Create(string verb, string description, string path, Func<string, string> done)
    {
        var folder = CommonOptions.Folder();
        folder.Description += " (default: all)";
        var config = CommonOptions.Config();
        var command = new Command(verb, description)
        {
            folder, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            string[] names = parsed.GetValue(folder) is { } one
                ? [one]
                : [.. (await client.GetAsync("/v1/magic-folder", PythonJson.Default.IReadOnlyDictionaryStringListedFolder, cancel)).Keys];
            if (names.Length == 0) throw new CommandException(NoFolder);
            int refused = 0;
            foreach (string name in names)
            {
                try
                {
                    await client.PostAsync(ApiClient.PathOf(name, path), cancel);
                    Console.Out.WriteLine(done(name));
                }
                catch (RefusedByDaemonException e) when (names.Length > 1)
                {
                    // The others are asked all the same.
                    refused++;
                    Failure.Report($"{name}: {e.Message}");
                }
            }
            return refused == 0 ? ExitStatus.Done : refused < names.Length ? ExitStatus.Remains : ExitStatus.Failed;
        }));
        return command;
    }
}
