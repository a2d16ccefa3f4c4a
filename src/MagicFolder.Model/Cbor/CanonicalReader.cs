using System.Text.Unicode;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Cbor;

/// <summary>
/// Reads what <see cref="CanonicalWriter"/> writes and nothing else: a head that is not the shortest, an indefinite length, another type or
/// missing bytes are <see cref="DamageReason.Malformed"/>. Declared lengths are checked against the bytes that are there before anything is allocated.
/// </summary>
internal ref struct CanonicalReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    /// <summary>The number of items that follow; each takes at least one byte.</summary>
    public int Array(int max)
    {
        ulong count = Head(4);
        if (count > (ulong)max) throw Damage(DamageReason.TooLarge, "an array is longer than allowed");
        if (count > (ulong)_rest.Length) throw Damage(DamageReason.Malformed, "an array is longer than the bytes that hold it");
        return (int)count;
    }

    public void ArrayOf(int count)
    {
        if (Head(4) != (ulong)count) throw Damage(DamageReason.Malformed, "an array has the wrong length");
    }

    /// <summary>Not negative.</summary>
    public long Unsigned(long max)
    {
        ulong value = Head(0);
        return value <= (ulong)max ? (long)value : throw Damage(DamageReason.TooLarge, "a number is out of range");
    }

    public long Signed()
    {
        int major = _rest.IsEmpty ? 0 : _rest[0] >> 5;
        ulong value = Head(major == 1 ? 1 : 0);
        if (value > long.MaxValue) throw Damage(DamageReason.TooLarge, "a number is out of range");
        return major == 1 ? -1 - (long)value : (long)value;
    }

    /// <summary>A slice of the input, not a copy.</summary>
    public ReadOnlySpan<byte> Bytes(int max) => Take(Head(2), max);

    public ReadOnlySpan<byte> BytesOf(int length)
    {
        var bytes = Bytes(int.MaxValue);
        return bytes.Length == length ? bytes : throw Damage(DamageReason.Malformed, "a byte string has the wrong length");
    }

    public BlobId Id() => new(BytesOf(BlobId.Length));

    public ActorId Actor() => ActorId.FromBytes(BytesOf(ActorId.Length));

    public string Text(int maxBytes)
    {
        var utf8 = Take(Head(3), maxBytes);
        return Utf8.IsValid(utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : throw Damage(DamageReason.Malformed, "a text is not UTF-8");
    }

    public bool TryNull()
    {
        if (_rest.IsEmpty || _rest[0] != 0xF6) return false;
        _rest = _rest[1..];
        return true;
    }

    /// <summary>The format version that stands first in everything we write.</summary>
    public void Version(int known)
    {
        long version = Unsigned(int.MaxValue);
        if (version > known) throw Damage(DamageReason.NewerFormat, "the format is newer than this program");
        if (version < known) throw Damage(DamageReason.Malformed, "there is no such format version");
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw Damage(DamageReason.Malformed, "bytes follow the end");
    }

    private static DamagedBytesException Damage(DamageReason reason, string what) => new(reason, $"Not canonical bytes: {what}.");

    private ReadOnlySpan<byte> Take(ulong length, int max)
    {
        if (length > (ulong)_rest.Length) throw Damage(DamageReason.Malformed, "it ends too early");
        if (length > (ulong)max) throw Damage(DamageReason.TooLarge, "a string is longer than allowed");
        var bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    private ulong Head(int major)
    {
        if (_rest.IsEmpty) throw Damage(DamageReason.Malformed, "it ends too early");
        int first = _rest[0];
        if (first >> 5 != major) throw Damage(DamageReason.Malformed, "an item has the wrong type");
        int info = first & 31;
        if (info < 24)
        {
            _rest = _rest[1..];
            return (ulong)info;
        }
        if (info > 27) throw Damage(DamageReason.Malformed, "a length is indefinite or reserved");
        int size = 1 << (info - 24);
        if (_rest.Length <= size) throw Damage(DamageReason.Malformed, "it ends too early");
        ulong value = 0;
        for (int i = 1; i <= size; i++) value = value << 8 | _rest[i];
        bool shortest = size switch { 1 => value >= 24, 2 => value > byte.MaxValue, 4 => value > ushort.MaxValue, _ => value > uint.MaxValue };
        if (!shortest) throw Damage(DamageReason.Malformed, "a head is not the shortest");
        _rest = _rest[(1 + size)..];
        return value;
    }
}
