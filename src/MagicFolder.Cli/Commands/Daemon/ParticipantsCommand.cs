using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>participants --folder FOLDER</c>: who takes part in a folder.</summary>
internal static class ParticipantsCommand
{
    internal static Command Create()
    {
        var folder = CommonOptions.Folder();
        folder.Required = true;
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command("participants", "List who takes part in a folder, those whose part has ended included.")
        {
            folder, config, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            var participants = await client.GetAsync(ApiClient.PathOf(parsed.GetRequiredValue(folder)!, "/participants"), ApiJson.Default.ListParticipantDocument, cancel);
            if (parsed.GetValue(json)) JsonText.Print(participants, new ApiJson(new System.Text.Json.JsonSerializerOptions(JsonText.Options)).ListParticipantDocument);
            else
                foreach (var one in participants) Console.Out.WriteLine(Printable.Text(StatusReport.Describe(one)));
            return ExitStatus.Done;
        }));
        return command;
    }
}
