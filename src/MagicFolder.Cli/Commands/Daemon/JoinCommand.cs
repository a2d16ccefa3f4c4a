using System.CommandLine;
using System.Text;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>join CODE DIR</c>: takes part in a folder of another computer.</summary>
internal static class JoinCommand
{
    private const int LongestCode = 4096;

    internal static Command Create()
    {
        var code = new Argument<string>("CODE") { Description = "The code that 'invite' printed there; - reads it as a line from standard input, where no other user of this computer sees it" };
        var directory = new Argument<string>("DIR") { Description = "The directory; it is made if needed, and what is in it goes into the folder" };
        var author = new Option<string?>("--author") { Description = "What this computer is called in the folder, as a check: the code says so already", HelpName = "PETNAME" };
        var name = new Option<string?>("--name") { Description = "What the folder is called on this computer (default: as the code calls it)", HelpName = "FOLDER" };
        var config = CommonOptions.Config();
        var command = new Command(
            "join",
            """
            Take part in a folder of another computer, with a code that its admin made. Both computers use the same grid ('magic-folder init --grid'). The folder fills as soon as the admin's
            computer has seen the answer; until then 'magic-folder status' says 'joining'.

            Example: magic-folder join - ~/holiday < code.txt
            """)
        {
            code, directory, author, name, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            string path = Places.Real(parsed.GetRequiredValue(directory));
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            string text = parsed.GetRequiredValue(code) is "-" ? await ReadCodeAsync(cancel) : parsed.GetRequiredValue(code);
            var joined = await client.SendAsync(
                HttpMethod.Post, "/v1/join", new JoinRequest(text, parsed.GetValue(author), path, parsed.GetValue(name)), ApiJson.Default.JoinRequest, ApiJson.Default.JoinDocument, cancel);
            Console.Out.WriteLine($"{joined.Folder}: asked to take part as {joined.Participant}, with {joined.Path}. It begins when the admin's computer has seen that.");
            Console.Out.WriteLine($"Fingerprint: {joined.Fingerprint} (the admin sees the same with 'magic-folder invites --folder {joined.Folder}')");
            return ExitStatus.Done;
        }));
        return command;
    }

    /// <summary>The first line that is not empty: whoever types it ends with Enter.</summary>
    private static Task<string> ReadCodeAsync(CancellationToken cancel)
    {
        if (!Console.IsInputRedirected) Console.Error.Write("Code: ");
        // Reading from a terminal cannot be cancelled; nobody waits for it any more then.
        return Task.Run(() => ReadCode(Console.In), CancellationToken.None).WaitAsync(cancel);
    }

    private static string ReadCode(TextReader input)
    {
        var line = new StringBuilder();
        for (int next = input.Read(); next != -1 && (next != '\n' || string.IsNullOrWhiteSpace(line.ToString())); next = input.Read())
        {
            if (line.Length == LongestCode) throw new UsageException($"what standard input has is no code: its first line is longer than {LongestCode} characters.");
            line.Append((char)next);
        }
        return line.ToString().Trim();
    }
}
