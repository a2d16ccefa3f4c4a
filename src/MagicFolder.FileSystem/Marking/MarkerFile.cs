using System.Text.Json;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Marking;

/// <summary>
/// <c>.magic-folder/folder.json</c> (docs/formats/folder-marker.md): where it is missing, the folder is not there, for instance because its disk is not mounted.
/// </summary>
public sealed class MarkerFile(IDisk disk)
{
    private const int Format = 1;
    private const int MaxLength = 64 * 1024;

    public static RelativePath Path { get; } = StagingArea.Reserved.Child("folder.json");

    private static RelativePath Temporary { get; } = StagingArea.Reserved.Child("folder.json.new");

    /// <summary>The marker, or null when there is none.</summary>
    /// <exception cref="DamagedBytesException">Damaged, or written by a newer version (<see cref="DamageReason.NewerFormat"/>); the folder is to be left alone.</exception>
    /// <exception cref="DiskException">The disk cannot say; that is not the same as missing.</exception>
    public FolderMarker? Read()
    {
        byte[] bytes;
        try
        {
            bytes = ReadBytes();
        }
        catch (DiskException e) when (e.Fault == DiskFault.NotFound)
        {
            return null;
        }
        return Parse(bytes);
    }

    /// <summary>Writes the marker, durable when this returns, in place of another.</summary>
    public void Write(FolderMarker marker)
    {
        ArgumentException.ThrowIfNullOrEmpty(marker.Participant);
        new StagingArea(disk, () => throw new InvalidOperationException("Nothing is staged for a marker.")).Prepare();
        // Left by a crash, or the old marker swapped out.
        RemoveTemporary();
        using (var file = disk.CreateFile(Temporary, 0x180))
        {
            file.Write(0, ToBytes(marker));
            // Before the name: a name that is durable without its content would be an empty marker after a power loss.
            file.Flush();
        }
        disk.Move(Temporary, Path, disk.Stat(Path) is null ? MoveKind.NoReplace : MoveKind.Exchange);
        MakeDurable();
        RemoveTemporary();
    }

    /// <summary>To be called also for a marker that is found where there may be none yet: a crash may have come between its writing and its flush.</summary>
    public void MakeDurable() => disk.Flush([Path, StagingArea.Reserved, RelativePath.Root]);

    internal static byte[] ToBytes(FolderMarker marker)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("folder", marker.Folder.ToString());
            json.WriteString("participant", marker.Participant);
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    internal static FolderMarker Parse(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8 });
            var root = json.RootElement;
            if (root.GetProperty("format").GetInt32() is var format && format > Format)
            {
                throw new DamagedBytesException(
                    DamageReason.NewerFormat, $"The folder was set up by a newer version of magic-folder (marker format {format}, this version knows {Format}); update this computer.");
            }
            var participant = root.GetProperty("participant").GetString();
            if (format < 1 || string.IsNullOrEmpty(participant)) throw Damaged();
            var folder = Convert.FromHexString(root.GetProperty("folder").GetString() ?? "");
            return new FolderMarker(FolderId.FromBytes(folder), participant);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw Damaged();
        }
    }

    private static DamagedBytesException Damaged() =>
        new(DamageReason.Malformed, $"The marker of the folder, {Path}, is damaged; restore it, or join the folder again.");

    private byte[] ReadBytes()
    {
        using var file = disk.OpenRead(Path);
        var bytes = new byte[MaxLength + 1];
        int length = 0;
        while (length < bytes.Length && file.Read(length, bytes.AsSpan(length)) is var read && read > 0) length += read;
        return length > MaxLength ? throw Damaged() : bytes[..length];
    }

    private void RemoveTemporary()
    {
        try
        {
            disk.Remove(Temporary);
        }
        catch (DiskException e) when (e.Fault == DiskFault.NotFound)
        {
        }
    }
}
