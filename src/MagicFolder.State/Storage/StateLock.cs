namespace MagicFolder.State;

/// <summary>
/// Keeps every other process from a state database: an exclusive lock of the operating system (flock on Unix, sharing mode on Windows) on a
/// file beside it, which ends with the process, however it ends. The file itself stays: if it were deleted, a process could hold a lock on the deleted
/// file while another one locks the new.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _stream;
    private readonly OwnerByte? _byte;

    private StateLock(FileStream stream, OwnerByte? ownerByte)
    {
        _stream = stream;
        _byte = ownerByte;
    }

    /// <exception cref="StateInUseException">Somebody has it.</exception>
    internal static StateLock Take(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = Open(file, options);
        try
        {
            return new StateLock(stream, OwnerByte.Take(file));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Only after SQLite has closed the database: see <see cref="OwnerByte"/>.</summary>
    public void Dispose()
    {
        _byte?.Dispose();
        _stream.Dispose();
    }

    private static FileStream Open(string file, FileStreamOptions options)
    {
        try
        {
            return new FileStream(file + ".lock", options);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new StateInUseException($"The state database {file} is in use by another process.", e);
        }
    }

    /// <summary>.NET puts errno (EWOULDBLOCK: 11 on Linux, 35 on macOS) into HResult on Unix.</summary>
    private static bool IsHeldByAnother(IOException e) =>
        OperatingSystem.IsWindows() ? e.HResult == SharingViolation : e.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);
}
