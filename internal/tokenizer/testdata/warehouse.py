"""Warehouse stock: what is there, what is promised, and what has to be ordered."""

import json
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Iterable, Iterator, Optional

logger = logging.getLogger(__name__)

DEFAULT_LEAD_TIME = timedelta(days=14)
REORDER_FACTOR = 1.25


class OutOfStock(Exception):
    """Raised when more is taken out than is there."""

    def __init__(self, article_number: str, wanted: int, available: int) -> None:
        super().__init__(f"{article_number}: wanted {wanted}, have {available}")
        self.article_number = article_number
        self.missing = wanted - available


@dataclass
class Article:
    number: str
    name: str
    unit_price: Decimal
    minimum: int = 0
    tags: list[str] = field(default_factory=list)

    def matches(self, query: str) -> bool:
        query = query.strip().lower()
        return query in self.name.lower() or any(query == tag for tag in self.tags)


@dataclass
class Movement:
    article_number: str
    quantity: int  # negative when something leaves
    booked_on: date
    comment: Optional[str] = None


class Warehouse:
    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = {article.number: article for article in articles}
        self._movements: list[Movement] = []
        self._stock: dict[str, int] = defaultdict(int)

    @classmethod
    def load(cls, path: Path) -> "Warehouse":
        with path.open(encoding="utf-8") as file:
            data = json.load(file)
        articles = [
            Article(
                number=row["number"],
                name=row["name"],
                unit_price=Decimal(row["unit_price"]),
                minimum=int(row.get("minimum", 0)),
                tags=row.get("tags", []),
            )
            for row in data["articles"]
        ]
        logger.info("loaded %d articles from %s", len(articles), path)
        return cls(articles)

    def book(self, article_number: str, quantity: int, comment: Optional[str] = None) -> Movement:
        if article_number not in self._articles:
            raise KeyError(f"unknown article {article_number!r}")
        available = self._stock[article_number]
        if available + quantity < 0:
            raise OutOfStock(article_number, -quantity, available)
        movement = Movement(article_number, quantity, date.today(), comment)
        self._stock[article_number] += quantity
        self._movements.append(movement)
        return movement

    def below_minimum(self) -> Iterator[tuple[Article, int]]:
        for number, article in sorted(self._articles.items()):
            missing = article.minimum - self._stock[number]
            if missing > 0:
                yield article, round(missing * REORDER_FACTOR)

    def value(self) -> Decimal:
