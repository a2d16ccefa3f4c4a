namespace MagicFolder.Sync.Folders;

/// <summary>Small files with secrets: owner only, replaced as a whole or not at all.</summary>
public static class PrivateFile
{
    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static void Write(string file, ReadOnlySpan<byte> bytes) => Write(file, bytes, overwrite: true);

    /// <summary>Of two processes that do it at once, the file of one stays.</summary>
    public static void WriteNew(string file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            Write(file, bytes, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // The other one's.
        }
    }

    private static void Write(string file, ReadOnlySpan<byte> bytes, bool overwrite)
    {
        string temporary = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, file, overwrite);
    }

    /// <summary>With those above it, as far as there are none; owner only.</summary>
    public static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
