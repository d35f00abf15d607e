<?php

declare(strict_types=1);

namespace Acme\Shop;

final class Greeting
{
    public function text(): string
    {
        return 'good morning';
    }
}
