using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>list</c>: the folders of this computer.</summary>
internal static class ListCommand
{
    internal static Command Create()
    {
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the folders of this computer.")
        {
            config, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            var listed = await client.GetAsync("/v1/magic-folder", PythonJson.Default.IReadOnlyDictionaryStringListedFolder, cancel);
            if (parsed.GetValue(json)) JsonText.Print(listed, PythonText.Indented.IReadOnlyDictionaryStringListedFolder);
            else if (listed.Count == 0) Console.Error.WriteLine(FolderAction.NoFolder);
            else
                foreach (var folder in listed.Values) Console.Out.WriteLine(Printable.Text($"{folder.Name}  {folder.MagicPath}  as {folder.Author.Name}{(folder.IsAdmin ? ", admin" : "")}"));
            return ExitStatus.Done;
        }));
        return command;
    }

    private static class PythonText
    {
        internal static PythonJson Indented { get; } = new(new System.Text.Json.JsonSerializerOptions(JsonText.Options) { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower });
    }
}
