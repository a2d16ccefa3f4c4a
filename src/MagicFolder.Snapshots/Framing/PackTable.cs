using System.Formats.Cbor;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

/// <summary>
/// The packs that a table or a head refers to, each written once; places name them by number. Number 0 is the pack that holds the table itself:
/// a pack cannot hold its own cap, which is known only after it is stored.
/// </summary>
internal sealed class PackTable
{
    private readonly List<PackRef> _packs = [];
    private readonly Dictionary<PackRef, int> _numbers = [];
    private int _read;

    /// <param name="pack">A pack; <c>default</c> is "this same pack".</param>
    public int NumberOf(PackRef pack)
    {
        if (pack == default) return 0;
        if (_numbers.TryGetValue(pack, out int number)) return number;
        _packs.Add(pack);
        _numbers.Add(pack, _packs.Count);
        return _packs.Count;
    }

    public void Write(CborWriter writer)
    {
        writer.WriteStartArray(_packs.Count);
        foreach (var pack in _packs) writer.WriteTextString(pack.Reveal());
        writer.WriteEndArray();
    }

    public static PackTable Read(CborReader reader, string what, int maxPacks)
    {
        var table = new PackTable();
        int count = reader.ReadCount(what, maxPacks);
        for (int i = 0; i < count; i++)
        {
            var pack = new PackRef(reader.ReadText(what, BlobLimits.MaxCapLength));
            if (!table._numbers.TryAdd(pack, i + 1)) throw CanonicalCbor.Malformed(what);
            table._packs.Add(pack);
        }
        reader.ReadEndArray();
        return table;
    }

    /// <summary>The five numbers of a place, without an array around them: pack, offset, stored length, plain length, encoding.</summary>
    public void WriteLocation(CborWriter writer, BlobLocation location)
    {
        writer.WriteInt32(NumberOf(location.Pack));
        writer.WriteInt64(location.Offset);
        writer.WriteInt32(location.StoredLength);
        writer.WriteInt32(location.PlainLength);
        writer.WriteInt32((int)location.Encoding);
    }

    /// <summary>What <see cref="WriteLocation"/> wrote.</summary>
    /// <param name="reader">Stands before the five numbers.</param>
    /// <param name="what">Names the object in messages.</param>
    /// <param name="self">What number 0 means; <c>default</c> where it must not occur.</param>
    public BlobLocation ReadLocation(CborReader reader, string what, PackRef self)
    {
        int number = (int)reader.ReadNumber(what, _packs.Count);
        if (number == 0 && self == default) throw CanonicalCbor.Malformed(what);
        // Numbers are given in the order of first use, so that there is one form only.
        if (number > _read + 1) throw CanonicalCbor.Malformed(what);
        _read = Math.Max(_read, number);
        return ReadPlace(reader, what, number == 0 ? self : _packs[number - 1]);
    }

    /// <summary>After the last location: every pack must have been named.</summary>
    public void EndRead(string what)
    {
        if (_read != _packs.Count) throw CanonicalCbor.Malformed(what);
    }

    /// <summary>The four numbers after the pack: also the form of an entry in the index of a pack.</summary>
    public static BlobLocation ReadPlace(CborReader reader, string what, PackRef pack)
    {
        long offset = reader.ReadNumber(what, BlobLimits.MaxPackLength);
        int stored = (int)reader.ReadNumber(what, BlobLimits.MaxPlainLength);
        int plain = (int)reader.ReadNumber(what, BlobLimits.MaxPlainLength);
        long encoding = reader.ReadNumber(what, byte.MaxValue);
        if (encoding > (long)BlobEncoding.FramedDeflate)
            throw new DamagedBytesException(DamageReason.NewerFormat, $"The {what} has a blob in encoding {encoding}, which this program does not know.");
        var location = new BlobLocation(pack, offset, stored, plain, (BlobEncoding)encoding);
        if (!location.Encoding.IsDeflated() && stored != plain) throw CanonicalCbor.Malformed(what);
        return location;
    }
}
