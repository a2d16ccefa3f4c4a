using System.Buffers.Binary;
using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.State;

/// <summary>How the model's values lie in columns (docs/formats/state-database.md). What does not fit on reading is a damaged row.</summary>
internal readonly ref partial struct Execution
{
    /// <summary>Columns of a value: kind, size, mtime, mode, content, link.</summary>
    internal const int ValueColumns = 6;

    /// <summary>Columns of a disk signature: size, mtime, ctime, inode, device, executable bit.</summary>
    internal const int SignatureColumns = 6;

    private const int DotLength = ActorId.Length + sizeof(long);

    internal Execution Bind(RelativePath path) => Bind(path.Key);

    internal Execution Bind(RelativePath? path) => path is { } given ? Bind(given.Key) : BindNull();

    internal Execution Bind(BlobId id)
    {
        Span<byte> bytes = stackalloc byte[BlobId.Length];
        id.CopyTo(bytes);
        return Bind(bytes);
    }

    internal Execution Bind(BlobId? id) => id is { } given ? Bind(given) : BindNull();

    internal Execution Bind(ActorId actor)
    {
        Span<byte> bytes = stackalloc byte[ActorId.Length];
        actor.CopyTo(bytes);
        return Bind(bytes);
    }

    internal Execution Bind(ImmutableArray<Dot> dots)
    {
        int length = dots.Length * DotLength;
        Span<byte> bytes = length <= 512 ? stackalloc byte[512] : new byte[length];
        for (int i = 0; i < dots.Length; i++)
        {
            var one = bytes.Slice(i * DotLength, DotLength);
            dots[i].Actor.CopyTo(one);
            BinaryPrimitives.WriteInt64BigEndian(one[ActorId.Length..], dots[i].Seq);
        }
        return Bind(bytes[..length]);
    }

    /// <summary>Six columns; all NULL for no value.</summary>
    internal Execution Bind(EntryValue? value)
    {
        if (value is null) return BindNulls(ValueColumns);
        Bind((long)value.Kind).Bind(value.Size).Bind(value.MtimeNs).Bind(value.Mode);
        if (value.Kind == EntryKind.File) Bind(value.Content);
        else BindNull();
        return value.LinkTarget is null ? BindNull() : Bind(value.LinkTarget);
    }

    internal Execution Bind(DiskSignature signature) => Bind(signature.Size).Bind(signature.MtimeNs).Bind(signature.CtimeNs)
        .Bind(unchecked((long)signature.Inode)).Bind(unchecked((long)signature.Device)).Bind(signature.Executable);

    /// <summary>Six columns; all NULL for none.</summary>
    internal Execution Bind(DiskSignature? signature) => signature is { } given ? Bind(given) : BindNulls(SignatureColumns);

    internal RelativePath Path(int column) => RelativePath.FromTrustedKey(Blob(column).ToArray());

    internal RelativePath? OptionalPath(int column) => IsNull(column) ? null : Path(column);

    internal BlobId Id(int column)
    {
        var bytes = Blob(column);
        return bytes.Length == BlobId.Length ? new BlobId(bytes) : throw Damaged("an id has not 32 bytes");
    }

    internal BlobId? OptionalId(int column) => IsNull(column) ? null : Id(column);

    internal ActorId Actor(int column)
    {
        var bytes = Blob(column);
        return bytes.Length == ActorId.Length ? ActorId.FromBytes(bytes) : throw Damaged("an actor has not 16 bytes");
    }

    internal ImmutableArray<byte> Bytes(int column) => [.. Blob(column)];

    internal ImmutableArray<Dot> Dots(int column)
    {
        var bytes = Blob(column);
        if (bytes.Length % DotLength != 0) throw Damaged("dots are cut off");
        if (bytes.IsEmpty) return [];
        var dots = ImmutableArray.CreateBuilder<Dot>(bytes.Length / DotLength);
        for (; !bytes.IsEmpty; bytes = bytes[DotLength..])
            dots.Add(new Dot(ActorId.FromBytes(bytes[..ActorId.Length]), BinaryPrimitives.ReadInt64BigEndian(bytes[ActorId.Length..])));
        return dots.MoveToImmutable();
    }

    internal EntryValue Value(int column)
    {
        try
        {
            return Int64(column) switch
            {
                (long)EntryKind.File => EntryValue.File(Id(column + 4), Int64(column + 1), Int64(column + 2), Mode(column + 3)),
                (long)EntryKind.Directory => EntryValue.Directory(Int64(column + 2), Mode(column + 3)),
                (long)EntryKind.Symlink => EntryValue.Symlink(Text(column + 5), Int64(column + 2)),
                _ => throw Damaged("a kind is unknown"),
            };
        }
        catch (ArgumentException)
        {
            throw Damaged("a value is out of its range");
        }
    }

    internal EntryValue? OptionalValue(int column) => IsNull(column) ? null : Value(column);

    internal DiskSignature Signature(int column) => new(
        Int64(column), Int64(column + 1), Int64(column + 2), unchecked((ulong)Int64(column + 3)), unchecked((ulong)Int64(column + 4)), OptionalFlag(column + 5));

    internal DiskSignature? OptionalSignature(int column) => IsNull(column) ? null : Signature(column);

    internal static DamagedBytesException Damaged(string what) =>
        new(DamageReason.Malformed, $"The state database holds a damaged row: {what}.");

    // -1 fits no mode, so that the constructor refuses it.
    private int Mode(int column) => Int64(column) is var mode and >= 0 and <= 0xFFF ? (int)mode : -1;

    private Execution BindNulls(int count)
    {
        for (int i = 0; i < count; i++) BindNull();
        return this;
    }
}
