using System.Security.Cryptography;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// The key of the mutable directory in which a participant shows its snapshots: a file beside its state, owner only, so that it is there before anything is on the grid.
/// </summary>
public static class ExportKey
{
    private const string PemLabel = "PRIVATE KEY";

    /// <summary>Reads it, or makes it when there is none yet.</summary>
    /// <exception cref="DamagedBytesException">The file is no such key.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static MutableKeys ReadOrMake(string stateDirectory, string participant, Func<MutableKeys> newKeys)
    {
        ArgumentNullException.ThrowIfNull(newKeys);
        string file = Path.ChangeExtension(FolderConfiguration.DatabaseFile(stateDirectory, participant), ".directory-key");
        if (!File.Exists(file))
        {
            using var made = newKeys();
            PrivateFile.WriteNew(file, System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString(PemLabel, made.PrivateKey.Span) + "\n"));
        }
        try
        {
            return MutableKeys.FromPem(File.ReadAllText(file));
        }
        // The message of the parser may quote the key.
        catch (Exception e) when (e is DamagedShareException or ArgumentException)
        {
            throw new DamagedBytesException(DamageReason.Malformed, $"{file} is damaged; restore it from a backup, or remove it, and another directory is made.");
        }
    }
}
