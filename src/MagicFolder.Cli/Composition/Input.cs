using MagicFolder.Cli.Output;

namespace MagicFolder.Cli.Composition;

/// <summary>The file that a command is to store.</summary>
internal static class Input
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>
    /// Opens a file, or with <c>-</c> standard input, of which the end must be known before the first share is begun: it is kept meanwhile in a temporary file, which nobody else can read and
    /// which vanishes with the command.
    /// </summary>
    internal static async Task<Stream> OpenAsync(string file, CancellationToken cancel)
    {
        if (file != "-")
        {
            if (file.Length == 0) throw new UsageException("FILE is empty; give a file, or - for standard input.");
            if (Directory.Exists(file)) throw new UsageException($"{file} is a directory; give a file.");
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, useAsync: false);
            if (stream.CanSeek) return stream;
            await using (stream) return await KeepAsync(stream, cancel);
        }
        await using var input = Console.OpenStandardInput();
        return await KeepAsync(input, cancel);
    }

    private static async Task<Stream> KeepAsync(Stream input, CancellationToken cancel)
    {
        byte[] unique = new byte[8];
        SystemRandom.Instance.Fill(unique);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = BufferSize,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var kept = new FileStream(Path.Combine(Path.GetTempPath(), $"magic-folder-{Convert.ToHexStringLower(unique)}"), options);
        try
        {
            await input.CopyToAsync(kept, cancel);
            kept.Position = 0;
            return kept;
        }
        catch
        {
            await kept.DisposeAsync();
            throw;
        }
    }
}
