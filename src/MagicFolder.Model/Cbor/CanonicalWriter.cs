using System.Buffers.Binary;

namespace MagicFolder.Model.Cbor;

/// <summary>
/// Writes the few items our formats use, in their only canonical form (RFC 8949, section 4.2.1: shortest heads, definite lengths).
/// One thread at a time; <see cref="Clear"/> keeps the buffer for the next node.
/// </summary>
internal sealed class CanonicalWriter
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    public int Length => _length;

    public void Clear() => _length = 0;

    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    public void Array(int count) => Head(4, (ulong)count);

    public void Number(long value)
    {
        if (value >= 0) Head(0, (ulong)value);
        else Head(1, (ulong)(-1 - value));
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Head(2, (ulong)bytes.Length);
        bytes.CopyTo(Grow(bytes.Length));
    }

    public void Bytes(Blobs.BlobId id)
    {
        Head(2, Blobs.BlobId.Length);
        id.CopyTo(Grow(Blobs.BlobId.Length));
    }

    public void Bytes(Versions.ActorId actor)
    {
        Head(2, Versions.ActorId.Length);
        actor.CopyTo(Grow(Versions.ActorId.Length));
    }

    public void Text(string text)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(text);
        Head(3, (ulong)length);
        System.Text.Encoding.UTF8.GetBytes(text, Grow(length));
    }

    public void Null() => Grow(1)[0] = 0xF6;

    private void Head(int major, ulong value)
    {
        byte type = (byte)(major << 5);
        switch (value)
        {
            case < 24:
                Grow(1)[0] = (byte)(type | (byte)value);
                break;
            case <= byte.MaxValue:
                var two = Grow(2);
                two[0] = (byte)(type | 24);
                two[1] = (byte)value;
                break;
            case <= ushort.MaxValue:
                var three = Grow(3);
                three[0] = (byte)(type | 25);
                BinaryPrimitives.WriteUInt16BigEndian(three[1..], (ushort)value);
                break;
            case <= uint.MaxValue:
                var five = Grow(5);
                five[0] = (byte)(type | 26);
                BinaryPrimitives.WriteUInt32BigEndian(five[1..], (uint)value);
                break;
            default:
                var nine = Grow(9);
                nine[0] = (byte)(type | 27);
                BinaryPrimitives.WriteUInt64BigEndian(nine[1..], value);
                break;
        }
    }

    private Span<byte> Grow(int count)
    {
        if (_buffer.Length - _length < count) System.Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        var room = _buffer.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
