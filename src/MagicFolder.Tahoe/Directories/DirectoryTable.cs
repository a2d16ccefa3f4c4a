using System.Collections.Immutable;
using System.Text;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Directories;

/// <summary>
/// The content of a directory: names, caps and metadata of its children (tahoe-directories; docs/formats/directories.md). Entries that are not replaced are packed again byte for byte, whatever they
/// hold. Immutable, and safe for concurrent use.
/// </summary>
public sealed class DirectoryTable
{
    private const int FieldsOfAnEntry = 4;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ImmutableSortedDictionary<ChildName, Entry> _entries;

    private DirectoryTable(DirectoryAuthority authority, ImmutableSortedDictionary<ChildName, Entry> entries) => (Authority, _entries) = (authority, entries);

    public DirectoryAuthority Authority { get; }

    /// <summary>In the order of their names.</summary>
    public IEnumerable<DirectoryChild> Children => _entries.Values.Select(entry => entry.Child).OfType<DirectoryChild>();

    /// <summary>Names whose caps must not stand here. They stay where they are.</summary>
    public IEnumerable<SkippedChild> Skipped => _entries.Values.Select(entry => entry.Skipped).OfType<SkippedChild>();

    /// <summary>How many names there are, skipped ones included.</summary>
    public int Count => _entries.Count;

    public static DirectoryTable Empty(DirectoryAuthority authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return new DirectoryTable(authority, ImmutableSortedDictionary<ChildName, Entry>.Empty);
    }

    /// <summary>Takes a directory apart.</summary>
    /// <param name="packed">The content of its file, which must not change afterwards.</param>
    /// <param name="authority">That of the cap with which the file was read.</param>
    /// <exception cref="DamagedDirectoryException">The bytes are no table, or break its rules.</exception>
    public static DirectoryTable Parse(ReadOnlyMemory<byte> packed, DirectoryAuthority authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        var entries = ImmutableSortedDictionary.CreateBuilder<ChildName, Entry>();
        var rest = packed.Span;
        while (!rest.IsEmpty)
        {
            var at = packed.Length - rest.Length;
            if (!Netstring.TryRead(ref rest, out var fields))
            {
                throw new DamagedDirectoryException(DirectoryDamage.NotATable);
            }

            // If two stored names are one when normalized, the later one counts.
            var entry = ReadEntry(fields, packed[at..^rest.Length], authority);
            entries[entry.Name] = entry;
        }

        return new DirectoryTable(authority, entries.ToImmutable());
    }

    /// <summary>Null if the name is not there, or was skipped.</summary>
    public DirectoryChild? Find(ChildName name) => _entries.GetValueOrDefault(name)?.Child;

    /// <summary>With a child more, or another one under that name; its metadata is stored as it is given, as for the children of a new directory.</summary>
    /// <exception cref="ArgumentException">The child can change, but the directory is immutable.</exception>
    /// <exception cref="InvalidOperationException">The directory is read only.</exception>
    public DirectoryTable With(DirectoryChild child)
    {
        ArgumentNullException.ThrowIfNull(child);
        RequireBuilder();
        return new DirectoryTable(Authority, _entries.SetItem(child.Name, WriteEntry(child)));
    }

    /// <summary>
    /// Links a child in a mutable directory, as an operation on it does: the metadata gets a record of when, and a child that is not to be written through this directory loses its write cap.
    /// </summary>
    /// <param name="name">New, or to be replaced.</param>
    /// <param name="caps">Of the child.</param>
    /// <param name="metadata">Null keeps that of the entry that is replaced.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="InvalidOperationException">The directory is read only or immutable.</exception>
    public DirectoryTable Link(ChildName name, ChildCaps caps, ChildMetadata? metadata, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(caps);
        if (Authority.IsImmutable)
        {
            throw new InvalidOperationException("An immutable directory has no later links.");
        }

        var linked = ChildMetadata.Link(Find(name)?.Metadata, metadata, now);
        return With(new DirectoryChild(name, linked.NoWrite ? caps.ToReadOnly() : caps, linked));
    }

    /// <summary>Without a child. The same table if there is none of that name.</summary>
    /// <exception cref="InvalidOperationException">The directory is read only.</exception>
    public DirectoryTable Without(ChildName name)
    {
        RequireBuilder();
        return new DirectoryTable(Authority, _entries.Remove(name));
    }

    /// <summary>The content of the directory's file. The same children give the same bytes.</summary>
    public byte[] Pack()
    {
        var packed = new byte[_entries.Values.Sum(entry => entry.Packed.Length)];
        var at = 0;
        foreach (var entry in _entries.Values)
        {
            entry.Packed.CopyTo(packed.AsMemory(at));
            at += entry.Packed.Length;
        }

        return packed;
    }

    public override string ToString() => $"DirectoryTable({_entries.Count} names, {Authority})";

    private static Entry ReadEntry(ReadOnlySpan<byte> fields, ReadOnlyMemory<byte> packed, DirectoryAuthority authority)
    {
        // What stands behind the fourth field is of a later version, and kept.
        if (!Netstring.TryRead(ref fields, out var nameField) || !Netstring.TryRead(ref fields, out var readField)
            || !Netstring.TryRead(ref fields, out var writeField) || !Netstring.TryRead(ref fields, out var metadataField))
        {
            throw new DamagedDirectoryException(DirectoryDamage.NotATable);
        }

        var name = ChildName.TryRead(nameField) ?? throw new DamagedDirectoryException(DirectoryDamage.BadName);
        if (!ChildMetadata.TryParse(metadataField.ToArray(), out var metadata))
        {
            throw new DamagedDirectoryException(DirectoryDamage.BadMetadata);
        }

        var fault = CapFault.NotText;
        var caps = TryReadText(readField, out var read) && TryReadText(WriteCapOf(writeField, authority), out var write)
            ? ChildCaps.Parse(write, read, authority.IsImmutable, out fault)
            : null;
        return caps is null
            ? new Entry(name, packed, null, new SkippedChild(name, fault))
            : new Entry(name, packed, new DirectoryChild(name, caps, metadata), null);
    }

    /// <summary>Empty if there is none, or the reader has no key.</summary>
    private static ReadOnlySpan<byte> WriteCapOf(ReadOnlySpan<byte> field, DirectoryAuthority authority)
    {
        if (field.IsEmpty)
        {
            return [];
        }

        if (authority.IsImmutable)
        {
            throw new DamagedDirectoryException(DirectoryDamage.WriteFieldInImmutable);
        }

        if (field.Length < WriteField.Overhead)
        {
            throw new DamagedDirectoryException(DirectoryDamage.BadWriteField);
        }

        return authority.WriteKey is { } key ? WriteField.Decrypt(key, field) : [];
    }

    /// <summary>Spaces at the end may hide how long a cap is, and do not count. Null stands for none.</summary>
    private static bool TryReadText(ReadOnlySpan<byte> bytes, out string? text)
    {
        bytes = bytes.TrimEnd((byte)' ');
        text = null;
        try
        {
            text = bytes.IsEmpty ? null : Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static void Append(MemoryStream stream, ReadOnlySpan<byte> value)
    {
        var netstring = new byte[Netstring.EncodedLength(value.Length)];
        Netstring.Write(value, netstring);
        stream.Write(netstring);
    }

    private Entry WriteEntry(DirectoryChild child)
    {
        var caps = Authority.IsImmutable ? child.Caps.ToImmutable() : child.Caps;
        using var fields = new MemoryStream();
        Append(fields, Encoding.UTF8.GetBytes(child.Name.Text));
        Append(fields, Encoding.UTF8.GetBytes(caps.StoredRead(Authority.IsImmutable)));
        Append(fields, Authority.WriteKey is { } key ? WriteField.Encrypt(key, Encoding.UTF8.GetBytes(caps.Write?.ToUriString() ?? string.Empty)) : []);
        Append(fields, child.Metadata.Json.Span);
        using var entry = new MemoryStream();
        Append(entry, fields.ToArray());
        return new Entry(child.Name, entry.ToArray(), child with { Caps = caps }, null);
    }

    private void RequireBuilder()
    {
        if (!Authority.CanBuild)
        {
            throw new InvalidOperationException("The directory is read with its read cap.");
        }
    }

    /// <summary>A child or a skipped one, and its bytes with the length in front.</summary>
    private sealed record Entry(ChildName Name, ReadOnlyMemory<byte> Packed, DirectoryChild? Child, SkippedChild? Skipped);
}
