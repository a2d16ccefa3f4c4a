using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Commands;

/// <summary><c>get CAP</c>: reads one file from the grid by hand.</summary>
internal static class GetCommand
{
    private const int PieceSize = 4 * 1024 * 1024;

    internal static Command Create()
    {
        var cap = CommonOptions.Cap();
        var grid = CommonOptions.Grid();
        var to = new Option<string?>("--to") { Description = "Write it to this file, which appears when it is complete (default: standard output)", HelpName = "FILE" };
        var command = new Command(
            "get",
            """
            Read a file by its cap, whoever has stored it. Everything is verified before it is given out. Of a mutable object the newest version that can be read is given.

            Example: magic-folder get URI:CHK:... --to report.pdf
            """)
        {
            cap, grid, to,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var file = HandGrid.ParseCap(parsed.GetRequiredValue(cap));
            if (file is not (ImmutableCap or MutableReadCap or MutableWriteCap)) throw new UsageException("with that cap one can check the file, not read it; 'magic-folder check' takes it.");
            var opened = file is LiteralCap ? null : await HandGrid.OpenAsync(parsed.GetValue(grid), forWriting: false, cancel);
            if (parsed.GetValue(to) is { } target) await WriteFileAsync(opened, file, target, cancel);
            else await WriteOutAsync(opened, file, cancel);
            return ExitStatus.Done;
        }));
        return command;
    }

    private static async Task WriteOutAsync(TahoeGrid? grid, Cap cap, CancellationToken cancel)
    {
        await using var output = Console.OpenStandardOutput();
        await CopyAsync(grid, cap, output, cancel);
    }

    /// <summary>Written beside, flushed, renamed: what was there before stays until all is there.</summary>
    private static async Task WriteFileAsync(TahoeGrid? grid, Cap cap, string target, CancellationToken cancel)
    {
        if (Directory.Exists(target)) throw new UsageException($"{target} is a directory; give a file.");
        byte[] unique = new byte[8];
        SystemRandom.Instance.Fill(unique);
        string temporary = $"{target}.{Convert.ToHexStringLower(unique)}.new";
        try
        {
            await using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await CopyAsync(grid, cap, output, cancel);
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

    private static async Task CopyAsync(TahoeGrid? grid, Cap cap, Stream output, CancellationToken cancel)
    {
        switch (cap)
        {
            case LiteralCap literal:
                await output.WriteAsync(literal.Data, cancel);
                return;
            case ImmutableCap immutable:
                await CopyAsync(await grid!.OpenImmutableAsync(immutable, cancel), output, cancel);
                return;
            default:
                var version = await grid!.ReadMutableAsync(cap as MutableReadCap ?? ((MutableWriteCap)cap).ToReadCap(), cancel);
                await output.WriteAsync(version.Content, cancel);
                return;
        }
    }

    private static async Task CopyAsync(IImmutableFile file, Stream output, CancellationToken cancel)
    {
        await using var closing = file;
        byte[] piece = new byte[Math.Min(PieceSize, file.Size)];
        for (long at = 0; at < file.Size; at += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, file.Size - at));
            await file.ReadAsync(at, part, cancel);
            await output.WriteAsync(part, cancel);
        }
    }
}
