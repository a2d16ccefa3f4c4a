using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Commands;

/// <summary><c>get CAP</c>: reads one file from the grid by hand; lists or fetches a directory.</summary>
internal static class GetCommand
{
    internal static Command Create()
    {
        var cap = CommonOptions.Cap("; behind that of a directory the path to something in it");
        var grid = CommonOptions.Grid();
        var to = new Option<string?>("--to") { Description = "Write a file to this path, or fetch a directory into this new one; it appears when it is complete (default: standard output)", HelpName = "PATH" };
        var json = new Option<bool>("--json") { Description = "List a directory as one JSON document, with the caps and metadata of its children" };
        var command = new Command(
            "get",
            """
            Read a file by its cap, whoever has stored it. Everything is verified before it is given out. Of a mutable object the newest version that can be read is given. A directory is listed: kind,
            size and name of each child; with --to all that is in it is fetched.

            Example: magic-folder get URI:CHK:... --to report.pdf
            Example: magic-folder get URI:DIR2:.../photos/2026/beach.jpg --to beach.jpg
            """)
        {
            cap, grid, to, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() => RunAsync(
            CapPath.Parse(parsed.GetRequiredValue(cap)), new CapReader(parsed.GetValue(grid)), parsed.GetValue(to), parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(CapPath path, CapReader reader, string? target, bool json, CancellationToken cancel)
    {
        if (json && target is not null) throw new UsageException("--json lists a directory, and --to fetches it; give one of them.");
        if (!CapReader.CanRead(path.Cap)) throw new UsageException("with that cap one can check what it leads to, not read it; 'magic-folder check' takes it.");
        var found = await reader.FollowAsync(path, cancel);
        if (!CapReader.CanRead(found)) throw new CommandException("With the cap that the directory has of it one can check it, not read it.");
        if (found is DirectoryCap directory) return await GiveAsync(directory, reader, target, json, cancel);
        if (json) throw new UsageException("--json is for directories, and that is a file.");
        if (target is not null)
        {
            await using (ShowProgress(reader)) await WriteFileAsync(reader, found, target, cancel);
        }
        else await WriteOutAsync(reader, found, cancel);
        return ExitStatus.Done;
    }

    private static async Task<int> GiveAsync(DirectoryCap directory, CapReader reader, string? target, bool json, CancellationToken cancel)
    {
        if (target is not null)
        {
            await using (ShowProgress(reader)) return await new DirectoryFetch(reader).RunAsync(directory, target, cancel) == 0 ? ExitStatus.Done : ExitStatus.Remains;
        }
        var listing = new DirectoryListing(directory, await reader.ReadAsync(directory, cancel));
        if (json) listing.PrintJson();
        else listing.PrintText();
        return ExitStatus.Done;
    }

    private static ProgressLine ShowProgress(CapReader reader) =>
        ProgressLine.Start(elapsed => $"fetched {Amounts.Bytes(reader.Copied)}, {ProgressLine.Rate(reader.Copied, elapsed)}", TimeProvider.System);

    private static async Task WriteOutAsync(CapReader reader, Cap file, CancellationToken cancel)
    {
        await using var output = Console.OpenStandardOutput();
        await reader.CopyAsync(file, output, cancel);
    }

    /// <summary>Written beside, flushed, renamed: what was there before stays until all is there.</summary>
    private static async Task WriteFileAsync(CapReader reader, Cap file, string target, CancellationToken cancel)
    {
        if (Directory.Exists(target)) throw new UsageException($"{target} is a directory; give a file.");
        DirectoryFetch.RequirePlace(Path.GetFullPath(target), target);
        byte[] unique = new byte[8];
        SystemRandom.Instance.Fill(unique);
        string temporary = $"{target}.{Convert.ToHexStringLower(unique)}.new";
        try
        {
            await using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await reader.CopyAsync(file, output, cancel);
                output.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
